"""Bars as SVG: how many times faster than PyTorch's variable-length attention, a group for each workload."""

from html import escape

COLOURS = {"serrate": "#0b6e4f", "torch-varlen": "#8d99ae", "cuDNN, padded": "#c0c9d6", "flash, padded": "#d8b26e", "eager, padded": "#d98b8b", "FlexAttention": "#b39ddb"}
BAR, GAP, LEFT, WIDTH = 14, 14, 92, 620


def chart(title, groups):
    """`groups`: [(workload, [(name, ratio, ms)])]."""
    largest = max((ratio for _, bars in groups for _, ratio, _ in bars), default=1.0)
    unit = WIDTH / max(largest, 1.0)
    names = [n for n in COLOURS if any(n == name for _, bars in groups for name, _, _ in bars)]
    parts, labels, y = [], [], 64
    for workload, bars in groups:
        parts.append(f'<text x="{LEFT - 10}" y="{y + BAR * len(bars) / 2 + 4}" text-anchor="end" font-weight="600">{escape(workload)}</text>')
        for name, ratio, ms in bars:
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{max(ratio * unit, 1):.1f}" height="{BAR - 2}" fill="{COLOURS[name]}"><title>{escape(name)}: {ms:.3f} ms</title></rect>')
            labels.append(f'<text x="{LEFT + ratio * unit + 6:.1f}" y="{y + BAR - 4}" font-size="10" stroke="#fff" stroke-width="3" paint-order="stroke">{ratio:.2f}x, {ms:.3f} ms</text>')
            y += BAR
        y += GAP
    one = LEFT + unit
    parts.append(f'<line x1="{one:.1f}" x2="{one:.1f}" y1="56" y2="{y - GAP}" stroke="#444" stroke-dasharray="3 3"/>')
    parts += labels  # over the line
    key = "".join(f'<rect x="{LEFT + 122 * i}" y="34" width="10" height="10" fill="{COLOURS[n]}"/><text x="{LEFT + 14 + 122 * i}" y="43" font-size="11">{escape(n)}</text>' for i, n in enumerate(names))
    total = LEFT + WIDTH + 130
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {y + 10}" width="{total}" height="{y + 10}" font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/><text x="{LEFT}" y="22" font-size="15" font-weight="600">{escape(title)}</text>{key}{"".join(parts)}</svg>\n'
