/** Annotations and a folder of pictures → numbered records that a loader draws from. */
import { isAbsolute, join, normalize } from "node:path";
import { type Annotation, type AnnotationFields, readAnnotations } from "./annotations.ts";
import { DataError, type DataPlace } from "./data-error.ts";
import type { OrderSettings } from "./order.ts";

/** One record, ready to load. */
export interface DataRecord {
  /** Index in the data set. */
  readonly id: number;
  /** Where it is annotated, for messages. */
  readonly place: DataPlace;
  /** File of the picture; undefined when the data set has none. */
  readonly imagePath: string | undefined;
  /** What records of the same picture share. */
  readonly imageId: string;
  /** Number of the picture, dense from 0 in order of first appearance. */
  readonly imageNumber: number;
  readonly captions: readonly string[];
  /** What is asked about the picture; the captions are its answers. */
  readonly question?: string;
}

/** How the bytes of a picture are had by its `imagePath`, where that is not a file of its own. */
export interface PictureFiles {
  /** Bytes of the picture, and milliseconds since 1970 at which what holds it was last written. Rejects as `stat` does. */
  readonly stat: (file: string) => Promise<{ readonly size: number; readonly mtimeMs: number }>;
  /** Rejects as `readFile` does: with the code ENOENT when there is none. */
  readonly read: (file: string) => Promise<Uint8Array>;
}

/** Records by index. */
export interface Dataset {
  /** Records of an epoch. */
  readonly length: number;
  /** Throws RangeError outside 0 … length - 1, or, with an `order` of its own, outside of what that gives. */
  readonly record: (index: number) => DataRecord;
  /** Index of the record at each position of an epoch; absent: each record once, shuffled or as they stand. */
  readonly order?: (settings: OrderSettings) => (position: number) => number;
  /** Absent: pictures are files. */
  readonly pictures?: PictureFiles;
}

/** What `annotationDataset` reads. */
export interface AnnotationSource {
  readonly files: string | readonly string[];
  /** Folder of the pictures; the annotations cannot reach outside it. */
  readonly root: string;
  readonly fields?: AnnotationFields;
}

/** Reads the annotations; no picture is opened. Throws DataError for malformed records and for paths that leave the root. */
export function annotationDataset(source: AnnotationSource): Dataset {
  return datasetOf(readAnnotations(source.files, source.fields), source.root);
}

/** A data set of records that were read already; `root` as in `annotationDataset`. */
export function datasetOf(annotations: readonly Annotation[], root: string): Dataset {
  for (const { image, place } of annotations) {
    if (image !== undefined) checkConfined(image, place);
  }
  return numberedDataset(annotations, (image) => join(root, image));
}

/** Numbers records and pictures; `pathOf` turns the picture of an annotation into the record's `imagePath`. */
export function numberedDataset(
  annotations: readonly Annotation[],
  pathOf: (image: string) => string,
): Dataset {
  const numbers = new Map<string, number>();
  const imageNumbers = annotations.map(({ imageId }) => {
    const number = numbers.get(imageId) ?? numbers.size;
    numbers.set(imageId, number);
    return number;
  });
  return {
    length: annotations.length,
    record: (index) => {
      const annotation = annotations[index];
      if (annotation === undefined) {
        throw new RangeError(`there is no record ${index}; the data set has ${annotations.length}`);
      }
      const { image, ...rest } = annotation;
      const imagePath = image === undefined ? undefined : pathOf(image);
      return { id: index, imagePath, imageNumber: imageNumbers[index]!, ...rest };
    },
  };
}

/** Links inside the root are the owner's own affair and are followed. */
function checkConfined(image: string, place: DataPlace): void {
  const clean = normalize(image);
  const leaves = clean === ".." || clean.startsWith("../") || clean.startsWith("..\\");
  if (leaves || isAbsolute(image) || /^[A-Za-z]:[\\/]/.test(image) || image.includes("\0")) {
    const reason = `the picture ${JSON.stringify(image)} is outside the image root`;
    throw new DataError({ ...place, field: "image" }, reason);
  }
}
