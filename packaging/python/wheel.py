#!/usr/bin/env python3
"""Makes a wheel of a program that is already built: `wheel.py BINARY FOLDER`.

A binary wheel is a zip archive of the program, its licences and four short texts. For which machines it is, the
program itself tells: its format, its processor, and the newest version of glibc that it asks for.
Needs the standard library of Python 3.8 alone. The same program gives the same bytes.
"""

import base64
import hashlib
import re
import struct
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LICENSES = ["LICENSE-APACHE", "LICENSE-MIT"]
METADATA = """\
Metadata-Version: 2.4
Name: iamsure
Version: {version}
Summary: Exactly what your AWS IAM policies decide
License-Expression: Apache-2.0 OR MIT
License-File: LICENSE-APACHE
License-File: LICENSE-MIT
License-File: NOTICE.md
Keywords: aws,iam,policy,truth-table,simulator
Classifier: Environment :: Console
Classifier: Topic :: Security
Requires-Python: >=3.8
Description-Content-Type: text/plain

The command `iamsure`, built from Rust: it reads IAM policies and says what they decide, offline.
"""
WHEEL = """\
Wheel-Version: 1.0
Generator: iamsure packaging
Root-Is-Purelib: false
"""


def platform(program: bytes) -> str:
    """The platform tag of a program; several are joined by dots."""
    if program[:4] == b"\x7fELF":
        (machine,) = struct.unpack_from("<H", program, 18)
        processor = {62: "x86_64", 183: "aarch64"}.get(machine)
        if processor is None:
            sys.exit(f"wheel.py: unknown ELF machine {machine}")
        versions = re.findall(rb"GLIBC_2\.(\d+)", program)
        if versions:
            return f"manylinux_2_{max(map(int, versions))}_{processor}"
        if b"ld-musl-" in program:
            return f"musllinux_1_2_{processor}"
        # Static: it runs whatever the C library is.
        return f"manylinux_2_17_{processor}.musllinux_1_1_{processor}"
    if program[:4] == b"\xcf\xfa\xed\xfe":
        (kind,) = struct.unpack_from("<I", program, 4)
        tags = {0x01000007: "macosx_10_12_x86_64", 0x0100000C: "macosx_11_0_arm64"}
        if kind in tags:
            return tags[kind]
    if program[:2] == b"MZ":
        (header,) = struct.unpack_from("<I", program, 0x3C)
        (machine,) = struct.unpack_from("<H", program, header + 4)
        tags = {0x8664: "win_amd64", 0xAA64: "win_arm64"}
        if machine in tags:
            return tags[machine]
    sys.exit("wheel.py: neither ELF, Mach-O nor PE for a processor that is known here")


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("usage: wheel.py BINARY FOLDER")
    program = Path(sys.argv[1]).read_bytes()
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    version = re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(), re.M)[1]
    tag = platform(program)
    suffix = ".exe" if program[:2] == b"MZ" else ""
    info = f"iamsure-{version}.dist-info"
    wheel = WHEEL + "".join(f"Tag: py3-none-{part}\n" for part in tag.split("."))
    files = [(f"iamsure-{version}.data/scripts/iamsure{suffix}", program, 0o755)]
    files.append((f"{info}/METADATA", METADATA.format(version=version).encode(), 0o644))
    files.append((f"{info}/WHEEL", wheel.encode(), 0o644))
    for name in LICENSES:
        files.append((f"{info}/licenses/{name}", (ROOT / name).read_bytes(), 0o644))
    notice = ROOT / "crates/iamsure-reference/NOTICE.md"
    files.append((f"{info}/licenses/NOTICE.md", notice.read_bytes(), 0o644))
    record = ""
    for name, content, _ in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(content)}\n"
    files.append((f"{info}/RECORD", f"{record}{info}/RECORD,,\n".encode(), 0o644))
    path = folder / f"iamsure-{version}-py3-none-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100000 | mode) << 16
            archive.writestr(entry, content)
    print(path)


if __name__ == "__main__":
    main()
