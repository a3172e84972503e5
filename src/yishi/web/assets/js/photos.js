// Photos before they are sent: shown, made smaller, at most nine.
//   <input type="file" accept="image/*" multiple data-photos="9">; previews go into [data-photos-preview="<its id>"].
import { fresh, make, say, toast } from "./ui.js";

const LONGEST = 1920;
const QUALITY = 0.82;

export function photos(root) {
  if (!window.DataTransfer) return;
  for (const input of fresh(root, "input[type=file][data-photos]", "onPhotos")) attach(input);
}

function attach(input) {
  const most = Number(input.dataset.photos) || 9;
  const shelf = document.querySelector(`[data-photos-preview="${CSS.escape(input.id)}"]`) || input.after(make("div", { class: "photo-preview" })) || input.nextElementSibling;
  let chosen = [];
  const put = () => {
    const list = new DataTransfer();
    for (const file of chosen) list.items.add(file);
    input.files = list.files;
    show(shelf, chosen, (file) => {
      chosen = chosen.filter((one) => one !== file);
      put();
    });
  };
  input.addEventListener("change", async () => {
    const added = [...input.files].filter((file) => !chosen.includes(file));
    const room = most - chosen.length;
    if (added.length > room) toast({ text: say(`最多 ${most} 张，只收下前 ${most} 张`, `At most ${most} photos; the first ${most} are kept`) });
    chosen = chosen.concat(await Promise.all(added.slice(0, Math.max(room, 0)).map(smaller)));
    put();
    input.dispatchEvent(new CustomEvent("photos:ready", { bubbles: true, detail: { files: chosen } }));
  });
}

function show(shelf, files, drop) {
  for (const image of shelf.querySelectorAll("img")) URL.revokeObjectURL(image.src);
  shelf.replaceChildren(
    ...files.map((file, index) => {
      const name = say(`第 ${index + 1} 张照片`, `Photo ${index + 1}`);
      const label = say(`去掉第 ${index + 1} 张`, `Remove photo ${index + 1}`);
      return make(
        "figure",
        {},
        make("img", { src: URL.createObjectURL(file), alt: name }),
        make("button", { type: "button", "aria-label": label, click: () => drop(file) }, "×"),
      );
    }),
  );
}

/** A JPEG whose longest side is at most 1920 px; the file itself where the device cannot. */
export async function smaller(file) {
  if (!file.type.startsWith("image/") || file.type === "image/gif") return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    if (scale === 1 && file.size < 600_000) return file;
    const canvas = make("canvas", { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}
