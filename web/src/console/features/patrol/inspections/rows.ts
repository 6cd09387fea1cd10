/** A list copied from a table: name, longitude, latitude and, if there is one, address; one line each. */

export interface Row {
  name: string;
  lon: number;
  lat: number;
  address: string;
}

export interface Read {
  rows: Row[];
  /** Numbers of the lines that are no row. */
  faults: number[];
}

/** Columns apart by tab, comma or semicolon; a heading and empty lines are passed over. */
export function readRows(text: string): Read {
  const rows: Row[] = [];
  const faults: number[] = [];
  text.split(/\r?\n/).forEach((line, at) => {
    if (line.trim() === "") return;
    const [name = "", lon = "", lat = "", address = ""] = line.split(/\t|,|，|;|；/).map((cell) => cell.trim());
    const [east, north] = [Number(lon), Number(lat)];
    const holds = name !== "" && lon !== "" && lat !== "" && Math.abs(east) <= 180 && Math.abs(north) <= 89;
    if (holds) rows.push({ name, lon: east, lat: north, address });
    else if (at > 0 || !/[^\d.\s-]/.test(lon)) faults.push(at + 1);
  });
  return { rows, faults };
}
