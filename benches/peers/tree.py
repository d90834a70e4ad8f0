# AI-GENERATED: See AI_CODING_BASELINE_RULES.md for required practices
"""A tree of files as volumes have them, the same one every time: models, many small texts, media, a database with holes.

At scale 1 about 1 GiB on the disk: 3 x 200 MiB that cannot be compressed, 20,000 small texts of three owners, 250 files of
1 MiB of which half can be compressed, 512 MiB with 8 MiB of data in them, 200 hard links, 200 extended attributes.
"""
import os
import random
from pathlib import Path

MIB = 1 << 20
OLD_NS = 1_700_000_000_123_456_789


def make(root, scale):
    """Makes the tree below a folder. Needs root, for the owners."""
    root = Path(root)
    source = random.Random(20_261_120)
    words = ["".join(source.choices("abcdefghijklmnopqrstuvwxyz", k=source.randint(2, 10))) for _ in range(4000)]
    text = " ".join(source.choices(words, k=200_000)).encode()
    models(root / "models", source, count(200, scale))
    texts(root, source, text, count(20_000, scale))
    media(root / "media", source, text, count(250, scale))
    holes(root / "holes.db", source, count(8, scale))
    for folder, folders, files in os.walk(root, topdown=False):
        for name in files + folders:
            os.utime(os.path.join(folder, name), ns=(OLD_NS, OLD_NS), follow_symlinks=False)


def count(full, scale):
    return max(1, round(full * scale))


def models(folder, source, mib):
    folder.mkdir()
    for number in range(3):
        with open(folder / f"model{number}.gguf", "wb") as file:
            for _ in range(mib):
                file.write(source.randbytes(MIB))


def texts(root, source, text, files):
    """Most are short, some are of 20 kB; some have a second name, others an attribute."""
    (root / "links").mkdir()
    special = max(1, files // 100)
    for number in range(files):
        folder = root / "texts" / f"{number // 250:03}"
        folder.mkdir(parents=True, exist_ok=True)
        length = int(min(20_000, source.expovariate(1 / 8000))) + 1
        start = source.randrange(len(text) - length)
        path = folder / f"{number:05}.json"
        path.write_bytes(text[start:start + length])
        os.chown(path, 1000 + number % 3, 1000 + number % 3)
        if number < special:
            os.link(path, root / "links" / f"{number:03}")
        elif number < 2 * special:
            os.setxattr(path, "user.tag", b"value %d" % number)


def media(folder, source, text, files):
    folder.mkdir()
    half = MIB // 16
    for number in range(files):
        with open(folder / f"{number:03}.bin", "wb") as file:
            for _ in range(8):
                start = source.randrange(len(text) - half)
                file.write(source.randbytes(half) + text[start:start + half])


def holes(path, source, mib):
    with open(path, "wb") as file:
        file.truncate(mib * 64 * MIB)
        for number in range(mib):
            file.seek(number * 64 * MIB)
            file.write(source.randbytes(MIB))
