// The box to sign in. Without JavaScript it stays hidden, and the name is typed.
import SignaturePad from "../signature/signature_pad.min.js";

for (const box of document.querySelectorAll("[data-signature]")) {
  const canvas = box.querySelector("canvas");
  const answer = box.closest("form").querySelector('input[name="drawing"]');
  box.hidden = false;
  const pad = new SignaturePad(canvas, { penColor: "black" });

  // The picture has the screen's own pixels, or the line would be blurred; what was drawn survives turning the tablet
  const fit = () => {
    const ratio = Math.min(Math.max(window.devicePixelRatio, 1), 2);
    const strokes = pad.toData();
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    pad.fromData(strokes);
  };
  const keep = () => (answer.value = pad.isEmpty() ? "" : pad.toDataURL("image/png"));

  fit();
  window.addEventListener("resize", fit);
  pad.addEventListener("endStroke", keep);
  box.querySelector("[data-signature-clear]").addEventListener("click", () => {
    pad.clear();
    keep();
  });
}
