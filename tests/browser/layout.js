// What is wrong with the page as it is laid out now, as one sentence each. Nothing here knows the
// page's classes: only what a reader sees, and where a finger lands.
(wanted => {
  const faults = [];
  const shown = text => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 60));

  const painter = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const colour = text => {
    painter.clearRect(0, 0, 1, 1);
    painter.fillStyle = text;
    painter.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = painter.getImageData(0, 0, 1, 1).data;
    return { parts: [red, green, blue], alpha: alpha / 255 };
  };
  const over = (top, parts) =>
    top.parts.map((part, at) => part * top.alpha + parts[at] * (1 - top.alpha));
  // WCAG 2.2, relative luminance and contrast ratio.
  const luminance = parts => {
    const [red, green, blue] = parts.map(part => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  const path = element => {
    const all = [];
    for (let at = element; at; at = at.parentElement) all.push(at);
    return all;
  };
  const ground = element => {
    const canvas = document.createElement("div");
    canvas.style.backgroundColor = "Canvas";
    document.body.append(canvas);
    let parts = colour(getComputedStyle(canvas).backgroundColor).parts;
    canvas.remove();
    for (const at of path(element).reverse()) {
      parts = over(colour(getComputedStyle(at).backgroundColor), parts);
    }
    return parts;
  };
  const isSeen = element => {
    const style = getComputedStyle(element);
    // What is folded away is not seen either.
    if (style.visibility !== "visible" || !element.checkVisibility()) return false;
    // What only screen readers get is clipped to a pixel by itself or by what it stands in.
    return path(element).every(at => {
      const box = at.getBoundingClientRect();
      const clips = getComputedStyle(at).overflow === "hidden";
      return !clips || (box.width > 2 && box.height > 2);
    }) && [...element.getClientRects()].some(box => box.width > 1 && box.height > 1);
  };

  // Nothing sticks out.
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width || visualViewport.width > wanted.width + 1) {
    faults.push(`the page is ${document.documentElement.scrollWidth} wide on ${wanted.width}`);
    for (const element of document.body.querySelectorAll("*")) {
      const box = element.getBoundingClientRect();
      if (isSeen(element) && box.right > width + 0.5) {
        faults.push(`${element.tagName} ${shown(element.textContent)} ends at ${box.right}`);
      }
    }
  }

  // One heading, a language, a title, a way to scale.
  const headings = document.querySelectorAll("h1").length;
  if (headings !== 1) faults.push(`${headings} h1`);
  if (document.documentElement.lang !== wanted.language) {
    faults.push(`lang is ${shown(document.documentElement.lang)}`);
  }
  if (!document.title.trim()) faults.push("no title");
  const viewport = document.querySelector("meta[name=viewport]")?.content ?? "";
  if (!viewport.includes("width=device-width")) faults.push("no viewport");
  if (/user-scalable\s*=\s*(no|0)|maximum-scale/.test(viewport)) faults.push("no zoom");

  // Every text can be read: contrast, and size.
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const sizes = {};
  while (texts.nextNode()) {
    const text = texts.currentNode.data;
    const element = texts.currentNode.parentElement;
    if (!text.trim() || element.closest("style, script, title") || !isSeen(element)) continue;
    const style = getComputedStyle(element);
    const back = ground(element);
    const ink = colour(style.color);
    ink.alpha = path(element).reduce((all, at) => all * getComputedStyle(at).opacity, ink.alpha);
    const ratio = contrast(over(ink, back), back);
    if (ratio < 4.5) faults.push(`${shown(text)} has a contrast of ${ratio.toFixed(2)}`);
    const size = parseFloat(style.fontSize);
    sizes[size] = (sizes[size] ?? 0) + text.trim().length;
    // Labels, side notes and what stands under the page may be smaller than what is read.
    const isSmall = element.closest("small, dt, th, h2, h3, footer, pre, code");
    const least = wanted.body ? (isSmall ? 14 : wanted.body) : 12;
    if (size < least) faults.push(`${shown(text)} is ${size} px, not ${least}`);
  }

  // Fingers: what is pressed is large enough, and apart. A link in a sentence is as high as it.
  for (const target of document.querySelectorAll("a[href], button, summary, select, input, textarea")) {
    if (target.type === "hidden" || !isSeen(target)) continue;
    const block = path(target).slice(1).find(at => getComputedStyle(at).display !== "inline");
    const isInSentence = getComputedStyle(target).display === "inline" &&
      block.innerText.trim() !== target.innerText.trim();
    // A finger that lands on the label of a box ticks it.
    const labels = [...(target.labels ?? [])];
    const { height } = (target.type === "checkbox" ? labels[0] ?? target : target)
      .getBoundingClientRect();
    if (wanted.tap && !isInSentence && height < wanted.tap) {
      faults.push(`${target.tagName} ${shown(target.innerText)} is ${height} high`);
    }
    const words = labels.map(label => label.innerText).join(" ") || target.innerText;
    if (!(words || target.getAttribute("aria-label") || "").trim()) {
      faults.push(`${target.tagName} has no words`);
    }
  }

  // What matters is on the first screen: the sum, and the button beside it.
  const isAtOnce = element => {
    const box = element.getBoundingClientRect();
    return isSeen(element) && box.top + scrollY >= 0 && box.bottom + scrollY <= innerHeight;
  };
  const sums = [...document.body.querySelectorAll("*")].filter(
    element => element.children.length < 2 && !element.closest("button, a") &&
      element.innerText?.includes(wanted.sum));
  if (wanted.sum && !sums.some(isAtOnce)) faults.push(`${wanted.sum} is not on the first screen`);
  const buttons = [...document.querySelectorAll("button")].filter(
    element => element.innerText.trim() === wanted.button);
  if (wanted.button && !buttons.some(isAtOnce)) {
    faults.push(`the button ${shown(wanted.button)} is not on the first screen`);
  }
  return faults;
})
