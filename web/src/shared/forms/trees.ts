/** Flat lists with parents, as the trees that selects show. */

export interface TreeNode<V> {
  [more: string]: unknown;
  value: V;
  label: string;
  children?: TreeNode<V>[];
  disabled?: boolean;
}

export interface Flat<V> {
  value: V;
  parent: V | null;
  label: string;
  disabled?: boolean;
}

/** Rows whose parent is not among them stand at the top; the order is kept. */
export function treeOf<V extends string | number>(rows: Flat<V>[]): TreeNode<V>[] {
  const nodes = new Map<V, TreeNode<V>>();
  for (const row of rows) {
    nodes.set(row.value, { value: row.value, label: row.label, ...(row.disabled === true && { disabled: true }) });
  }
  const roots: TreeNode<V>[] = [];
  for (const row of rows) {
    const node = nodes.get(row.value);
    if (node === undefined) continue;
    const parent = row.parent === null ? undefined : nodes.get(row.parent);
    if (parent === undefined || parent === node) roots.push(node);
    else (parent.children ??= []).push(node);
  }
  return roots;
}
