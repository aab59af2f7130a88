"""A small window for ``progress``: shows its input line by line, or its argument until closed."""

import os
import sys
import tkinter as tk
from tkinter import ttk


def main() -> None:
    """Show the window until its input ends or, with a failure as argument, until it is closed."""
    window = tk.Tk(className="LinReg")
    window.title("LinReg")
    window.resizable(width=False, height=False)
    frame = ttk.Frame(window, padding=24)
    frame.pack()
    text = tk.StringVar(window, " ".join(sys.argv[1:]))
    ttk.Label(frame, textvariable=text, width=56, wraplength=480).pack(pady=(0, 16))

    if text.get():
        ttk.Button(frame, text="Close", command=window.destroy).pack(anchor="e")
    else:
        bar = ttk.Progressbar(frame, mode="indeterminate")
        bar.pack(fill="x")
        bar.start()

        def show_last_line(*_: object) -> None:
            lines = os.read(0, 65536).decode().splitlines()
            if lines:
                text.set(lines[-1].lstrip("# "))
            else:
                window.destroy()

        window.createfilehandler(0, tk.READABLE, show_last_line)
    window.mainloop()


if __name__ == "__main__":
    main()
