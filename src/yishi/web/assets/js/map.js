// The map of a page: <div class="map" data-map …>. Works without any tiles: a quiet grid stands in.
//   data-map-points="id of a <script type=application/json> with GeoJSON" or data-map-src="address of GeoJSON"
//   data-map-tiles="https://…/{z}/{x}/{y}.png" data-map-credit="…"
//   data-map-center="lat,lng" data-map-zoom="15"
//   data-map-pick-lat="#id_latitude" data-map-pick-lng="#id_longitude": press to choose a place
// A feature's properties: title, url, tone, state, text, count.
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

function popup({ title, url, state, text }) {
  const head = url ? make("a", { href: url }, title) : make("strong", {}, title || "");
  return make("div", {}, make("p", {}, head), state ? make("p", {}, state) : null, text ? make("p", {}, text) : null);
}

function pointsOnto(map, data) {
  const layer = L.geoJSON(data, {
    pointToLayer: (feature, at) =>
      L.marker(at, { icon: pin(feature.properties.tone, feature.properties.count), title: feature.properties.title || "", alt: feature.properties.title || "" }),
    onEachFeature: (feature, marker) => marker.bindPopup(popup(feature.properties)),
  }).addTo(map);
  return layer.getBounds();
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
  const own = element.dataset.mapPoints && document.getElementById(element.dataset.mapPoints);
  const data = own ? JSON.parse(own.textContent) : element.dataset.mapSrc ? await (await fetch(element.dataset.mapSrc)).json() : null;
  const bounds = data && pointsOnto(map, data);
  if (bounds?.isValid() && !element.dataset.mapCenter) map.fitBounds(bounds, { padding: [40, 40], maxZoom: 17 });
}

for (const element of document.querySelectorAll("[data-map]")) show(element);
