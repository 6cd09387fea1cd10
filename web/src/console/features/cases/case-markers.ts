/** Signs of cases on the map, drawn here: colour and sign of the state, ring and badge of the light. */
import type { Map as EngineMap } from "maplibre-gl";
import { currentLanguage, word } from "#shared/i18n/index.ts";
import { lookOf } from "#shared/ui/case-states.ts";

const SIZE = 34;
const RATIO = 2;
export const MARKER = "case";

export type TokenColor = (token: string) => string;

/** Name of a marker's picture: "case|zh-CN|handling|red". */
export function markerExpression(): unknown[] {
  return ["concat", MARKER, "|", currentLanguage(), "|", ["get", "state"], "|", ["coalesce", ["get", "light"], "none"]];
}

function disc(pen: CanvasRenderingContext2D, radius: number, fill: string): void {
  pen.beginPath();
  pen.arc(SIZE / 2, SIZE / 2, radius, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
}

/** The light says itself twice: by the ring's colour, and by the shape of the badge. */
function badge(pen: CanvasRenderingContext2D, light: string, fill: string, ground: string): void {
  const x = SIZE - 8;
  const y = 8;
  pen.beginPath();
  if (light === "red") pen.rect(x - 5, y - 5, 10, 10);
  else {
    pen.moveTo(x, y - 6);
    pen.lineTo(x + 6, y + 5);
    pen.lineTo(x - 6, y + 5);
    pen.closePath();
  }
  pen.fillStyle = fill;
  pen.strokeStyle = ground;
  pen.lineWidth = 1.6;
  pen.fill();
  pen.stroke();
}

const LIGHTS: Record<string, string> = { red: "--yw-red", yellow: "--yw-yellow-fill" };

export function drawMarker(state: string, light: string, color: TokenColor): ImageData | null {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE * RATIO;
  canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  if (pen === null) return null;
  pen.scale(RATIO, RATIO);
  const look = lookOf(state);
  const ring = LIGHTS[light];
  pen.shadowColor = "rgb(15 28 46 / 35%)";
  pen.shadowBlur = 4;
  pen.shadowOffsetY = 1;
  disc(pen, 13, ring === undefined ? color("--yw-surface") : color(ring));
  pen.shadowColor = "transparent";
  if (ring !== undefined) disc(pen, 11.6, color("--yw-surface"));
  disc(pen, ring === undefined ? 11.4 : 10.4, color(look.color));
  pen.fillStyle = color("--yw-surface");
  pen.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(word(look.sign), SIZE / 2, SIZE / 2 + 0.8);
  if (ring !== undefined) badge(pen, light, color(ring), color("--yw-surface"));
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** Draws each picture when the map first asks for it. */
export function provideMarkers(map: EngineMap, color: TokenColor): void {
  map.setMissingStyleImageResolver((id) => {
    const [kind, , state = "", light = ""] = id.split("|");
    if (kind !== MARKER || map.hasImage(id)) return;
    const picture = drawMarker(state, light, color);
    if (picture !== null) map.addImage(id, picture, { pixelRatio: RATIO });
  });
}
