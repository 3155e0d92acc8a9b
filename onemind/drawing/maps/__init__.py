"""Places and numbers in, one map out, with the words that say the same."""

from onemind.drawing.maps import areas, drawn, frame, legend, partners, place, rows, wording

__all__ = ["areas", "drawn", "frame", "legend", "partners", "place", "rows", "wording"]
