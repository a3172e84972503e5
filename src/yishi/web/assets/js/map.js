// The map of a page: <div class="map" data-map …>. Works without any tiles: a quiet grid stands in.
//   data-map-points="id of a <script type=application/json> with GeoJSON" or data-map-src="address of GeoJSON"
//   data-map-tiles="https://…/{z}/{x}/{y}.png" data-map-credit="…"
//   data-map-live: asks data-map-src again with ?bbox=west,south,east,north&zoom=… whenever the map has moved
//   data-map-center="lat,lng" data-map-zoom="15"
//   data-map-pick-lat="#id_latitude" data-map-pick-lng="#id_longitude": press to choose a place
// A feature's properties: title, url, tone, state, text, count; name: the name of a place, written on the ground.
import L from "leaflet";
import { fill } from "./place.js";
import { make, say } from "./ui.js";

const PICKED = { lat: "latitude", lng: "longitude" };

function ground(map, element) {
  const { mapTiles, mapCredit } = element.dataset;
  if (mapTiles) return L.tileLayer(mapTiles, { attribution: mapCredit || "", maxZoom: 19 }).addTo(map);
  const Grid = L.GridLayer.extend({
    createTile() {
      const tile = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      line.setAttribute("d", "M0 .5H256M.5 0V256");
      line.setAttribute("class", "leaflet-grid");
      tile.append(line);
      return tile;
    },
  });
  return new Grid().addTo(map);
}

function pin(tone, count) {
  const html = count > 1 ? make("span", { class: "pin pin-many" }, String(count)) : make("span", { class: `pin tone-${tone || "plain"}` });
  return L.divIcon({ html, className: "", iconSize: [30, 30], iconAnchor: count > 1 ? [15, 15] : [15, 34], popupAnchor: [0, -30] });
}

function placeName(name) {
  return L.divIcon({ html: make("span", { class: "place-name" }, name), className: "", iconSize: [0, 0], iconAnchor: [0, 8] });
}

function popup({ title, url, state, text }) {
  const head = url ? make("a", { href: url }, title) : make("strong", {}, title || "");
  return make("div", {}, make("p", {}, head), state ? make("p", {}, state) : null, text ? make("p", {}, text) : null);
}

function pointsOnto(map, data) {
  const names = L.geoJSON(data, {
    pointToLayer: ({ properties: { name } }, at) => L.marker(at, { icon: placeName(name), interactive: false, keyboard: false }),
    filter: (feature) => feature.properties.name,
  }).addTo(map);
  const layer = L.geoJSON(data, {
    filter: (feature) => !feature.properties.name,
    pointToLayer: (feature, at) =>
      L.marker(at, { icon: pin(feature.properties.tone, feature.properties.count), title: feature.properties.title || "", alt: feature.properties.title || "" }),
    onEachFeature: (feature, marker) => marker.bindPopup(popup(feature.properties)),
  }).addTo(map);
  return { bounds: layer.getBounds(), remove: () => [names, layer].forEach((one) => one.remove()) };
}

/** Points of what is in sight, asked again when the map has moved; an answer that comes too late is dropped. */
async function follow(map, source) {
  let shown, reading = false, asked = 0;
  const refresh = async () => {
    if (reading) return; // an open popup has moved the map itself
    const turn = ++asked;
    const address = new URL(source, location.href);
    address.searchParams.set("bbox", map.getBounds().toBBoxString());
    address.searchParams.set("zoom", map.getZoom());
    const answer = await fetch(address).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    const data = await answer.json();
    shown?.remove();
    shown = pointsOnto(map, data);
  };
  map.on("popupopen", () => (reading = true)).on("popupclose", () => (reading = false));
  map.on("moveend", refresh);
  await refresh();
}

function picking(map, element) {
  const { mapPickLat, mapPickLng } = element.dataset;
  if (!mapPickLat || !mapPickLng) return;
  let marker;
  const put = (at) => {
    marker = marker ? marker.setLatLng(at) : L.marker(at, { icon: pin("act"), draggable: true, alt: say("选定的地点", "Chosen place") }).addTo(map);
    fill(mapPickLat, at.lat);
    fill(mapPickLng, at.lng);
    marker.off("dragend").on("dragend", () => put(marker.getLatLng()));
  };
  map.on("click", (event) => put(event.latlng));
  document.addEventListener("located", ({ detail }) => {
    const at = L.latLng(detail[PICKED.lat], detail[PICKED.lng]);
    map.setView(at, 17);
    put(at);
  });
  const [lat, lng] = [mapPickLat, mapPickLng].map((selector) => Number(document.querySelector(selector)?.value));
  if (lat && lng) put(L.latLng(lat, lng));
}

async function show(element) {
  const [lat, lng] = (element.dataset.mapCenter || "23.11,113.26").split(",").map(Number);
  const map = L.map(element, { attributionControl: Boolean(element.dataset.mapCredit), zoomControl: false });
  map.setView([lat, lng], Number(element.dataset.mapZoom) || 14);
  L.control.zoom({ zoomInTitle: say("放大", "Zoom in"), zoomOutTitle: say("缩小", "Zoom out") }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  ground(map, element);
  picking(map, element);
  if ("mapLive" in element.dataset) return follow(map, element.dataset.mapSrc);
  const own = element.dataset.mapPoints && document.getElementById(element.dataset.mapPoints);
  const data = own ? JSON.parse(own.textContent) : element.dataset.mapSrc ? await (await fetch(element.dataset.mapSrc)).json() : null;
  const bounds = data && pointsOnto(map, data).bounds;
  if (bounds?.isValid() && !element.dataset.mapCenter) map.fitBounds(bounds, { padding: [40, 40], maxZoom: 17 });
}

for (const element of document.querySelectorAll("[data-map]")) show(element);
