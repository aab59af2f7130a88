"""How clearly a color can be seen on another one: the contrast of the web's guidelines, WCAG."""

from functools import cache

TEXT_CONTRAST = 4.5
"""The least contrast of text on its background."""

_BLACK, _WHITE = "#000000", "#ffffff"
_SHARES = 50


def contrast(color: str, ground: str) -> float:
    """Return the contrast of two colors, from 1 (equal) to 21 (black and white)."""
    darker, lighter = sorted((_luminance(color), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


@cache
def as_text(color: str, ground: str) -> str:
    """Return ``color``, or the nearest darker or lighter one that text on ``ground`` can have."""
    end = max((_BLACK, _WHITE), key=lambda each: contrast(each, ground))
    mixed = (_mixed(color, end, share / _SHARES) for share in range(_SHARES + 1))
    return next(each for each in mixed if contrast(each, ground) >= TEXT_CONTRAST)


def _mixed(color: str, other: str, share: float) -> str:
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + share * (end - own)):02x}" for own, end in pairs)


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
