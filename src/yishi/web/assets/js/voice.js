// A spoken note: <div data-voice="120"><input type="file" accept="audio/*" …></div>.
// The recorder appears only where the device has one; the file field stays for everyone.
import { fresh, make, say, toast } from "./ui.js";

export function voice(root) {
  if (!window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  for (const box of fresh(root, "[data-voice]", "onVoice")) attach(box);
}

function attach(box) {
  const input = box.querySelector("input[type=file]");
  if (!input) return;
  const most = Number(box.dataset.voice) || 120;
  const start = say("按一下开始录音", "Start recording");
  const button = make("button", { type: "button", class: "btn", "aria-pressed": "false" }, start);
  const time = make("span", { class: "counter", role: "timer" });
  const sound = make("audio", { controls: "", hidden: "" });
  box.append(button, time, sound);
  let recorder, ticking;
  const stop = () => recorder?.state === "recording" && recorder.stop();
  button.addEventListener("click", async () => {
    if (recorder?.state === "recording") return stop();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (!stream) return toast({ text: say("没有打开麦克风，您也可以直接打字", "The microphone is not open; you can type instead") });
    const parts = [];
    let seconds = 0;
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(ticking);
      for (const track of stream.getTracks()) track.stop();
      keep(input, sound, new Blob(parts, { type: recorder.mimeType }));
      button.textContent = say("重新录", "Record again");
      button.setAttribute("aria-pressed", "false");
    });
    recorder.start();
    button.textContent = say("停止", "Stop");
    button.setAttribute("aria-pressed", "true");
    ticking = setInterval(() => {
      time.textContent = `${++seconds} / ${most}`;
      if (seconds >= most) stop();
    }, 1000);
  });
}

function keep(input, sound, blob) {
  const ending = /mp4|aac/.test(blob.type) ? "m4a" : /ogg/.test(blob.type) ? "ogg" : "webm";
  const list = new DataTransfer();
  list.items.add(new File([blob], `voice.${ending}`, { type: blob.type.split(";")[0] }));
  input.files = list.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  if (sound.src) URL.revokeObjectURL(sound.src);
  sound.src = URL.createObjectURL(blob);
  sound.hidden = false;
}
