/** Where a form on the phone puts its pictures: each is kept under the id that the answer names, and sent later. */
export interface PictureKeeper {
  /** Keeps a picture and gives its id. Raises when it is none that this phone can read. */
  keep: (file: File) => Promise<string>;
  /** An address to show it by; undefined when it is not on this phone. */
  look: (id: string) => Promise<string | undefined>;
  drop: (id: string) => Promise<void>;
}
