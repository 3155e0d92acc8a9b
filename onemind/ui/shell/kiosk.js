// Wall mode: shows the screen from top to bottom, then follows the link to the next one.
// `?kiosk=1&seconds=30` sets how long each part stays. It is loaded once; the links are drawn anew
// by every page, so they are looked up each time.
const asked = Number(new URLSearchParams(location.search).get("seconds"))
const SECONDS = asked >= 1 ? asked : 20
const NIGHT = 3 // o'clock, when nobody looks
let stuck = 0

const isUp = async () => {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null)
  return answer?.ok === true
}

// A page that can't be loaded would stay on the wall until somebody comes: ask first.
const loadAnew = async () => {
  if (await isUp()) location.reload()
}

const turn = () => {
  if (document.querySelector("[data-test-script-state=running]") && ++stuck < 4) return
  const main = document.querySelector("[data-testid=stMain]")
  const next = document.querySelector(".st-key-kiosk_next a")
  if (main && main.scrollTop + main.clientHeight < main.scrollHeight - 40) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches
    main.scrollBy({ top: main.clientHeight * 0.85, behavior: calm ? "auto" : "smooth" })
  } else if (next) {
    stuck = 0
    main?.scrollTo({ top: 0 })
    next.click()
  } else if (++stuck > 4) {
    loadAnew()
  }
}

const night = new Date()
night.setHours(NIGHT, 0, 0, 0)
if (night <= new Date()) night.setDate(night.getDate() + 1)

setInterval(() => {
  if (!new URLSearchParams(location.search).has("kiosk")) return // somebody left wall mode
  if (new Date() >= night) loadAnew()
  else turn()
}, SECONDS * 1000)
