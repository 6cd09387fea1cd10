/** Finding a class of cases by ordinary words, pinyin or initials. */
import type { Category } from "#shared/api/types.ts";

/** Lower is better; null when a word is missing. */
export function rank(category: Category, text: string): number | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const names = `${category.zh} ${category.en}`.toLowerCase();
  const all = `${names} ${category.search.toLowerCase()} ${category.major.zh} ${category.code ?? ""}`;
  let score = 0;
  for (const word of words) {
    if (!all.includes(word)) return null;
    if (names.startsWith(word)) score += 0;
    else if (names.includes(word)) score += 1;
    else if (all.includes(` ${word}`)) score += 2;
    else score += 3;
  }
  return score;
}

/** The pairs of neighbouring characters: what two Chinese texts share when neither contains the other. */
function pairs(text: string): Set<string> {
  const letters = [...text.toLowerCase().replace(/\s+/g, "")];
  return new Set(letters.slice(1).map((letter, index) => `${letters[index]}${letter}`));
}

/** Lower is better; null when not one pair of characters is shared. */
function likeness(category: Category, text: string): number | null {
  const wanted = pairs(text);
  const offered = pairs(`${category.zh} ${category.search}`);
  const shared = [...wanted].filter((pair) => offered.has(pair)).length;
  return shared === 0 ? null : -shared;
}

/** Classes in which every word stands; when there are none, those that share most with what was typed. */
export function search(categories: Category[], text: string, most = 30): Category[] {
  const exact = ranked(categories, (category) => rank(category, text), most);
  return exact.length > 0 ? exact : ranked(categories, (category) => likeness(category, text), 10);
}

function ranked(categories: Category[], score: (category: Category) => number | null, most: number): Category[] {
  return categories
    .map((category) => ({ category, score: score(category) }))
    .filter((found): found is { category: Category; score: number } => found.score !== null)
    .sort((a, b) => a.score - b.score || a.category.zh.length - b.category.zh.length)
    .slice(0, most)
    .map((found) => found.category);
}

export interface MajorGroup {
  key: string;
  kind: string;
  major: Category["major"];
  items: Category[];
}

/** Classes below their major class, events first: they are what is reported most. */
export function byMajor(categories: Category[]): MajorGroup[] {
  const groups = new Map<string, MajorGroup>();
  for (const category of categories) {
    const key = `${category.kind}.${category.major.code}`;
    const group = groups.get(key) ?? { key, kind: category.kind, major: category.major, items: [] };
    group.items.push(category);
    groups.set(key, group);
  }
  const order = (group: MajorGroup) => `${group.kind === "event" ? 0 : 1}${group.major.code}`;
  return [...groups.values()].sort((a, b) => order(a).localeCompare(order(b)));
}

const RECENT_KEY = "yiwang.recent-categories";
const RECENT_MOST = 6;

export function recentKeys(): string[] {
  try {
    return JSON.parse(localStorage.getItem(RECENT_KEY) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function remember(key: string): void {
  const keys = [key, ...recentKeys().filter((known) => known !== key)].slice(0, RECENT_MOST);
  localStorage.setItem(RECENT_KEY, JSON.stringify(keys));
}
