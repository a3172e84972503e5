// "I am here": <button data-locate data-lat="#id_latitude" data-lng="#id_longitude" hidden>.
import { fresh, say, toast } from "./ui.js";

export function place(root) {
  if (!navigator.geolocation) return;
  for (const button of fresh(root, "[data-locate]", "onLocate")) {
    button.hidden = false;
    button.addEventListener("click", () => locate(button));
  }
}

function locate(button) {
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.disabled = false;
      fill(button.dataset.lat, coords.latitude);
      fill(button.dataset.lng, coords.longitude);
      document.dispatchEvent(new CustomEvent("located", { detail: { latitude: coords.latitude, longitude: coords.longitude } }));
      toast({ text: say("位置记下了", "Your place is noted") });
    },
    () => {
      button.disabled = false;
      toast({ text: say("没能定位，请写下地址", "Your place could not be found; please write the address") });
    },
    { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
  );
}

export function fill(selector, value) {
  const field = selector && document.querySelector(selector);
  if (!field) return;
  field.value = Number(value).toFixed(6);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
