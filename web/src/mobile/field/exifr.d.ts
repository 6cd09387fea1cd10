/** Its parts have no types of their own. */
declare module "exifr/dist/lite.esm.mjs" {
  import exifr from "exifr";
  export default exifr;
}
declare module "exifr/dist/full.esm.mjs" {
  import exifr from "exifr";
  export default exifr;
}
