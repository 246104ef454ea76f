"""A supplier's invoice as a small PDF, for the lived-in books: a page that any viewer opens."""

from __future__ import annotations

from bot.sandbox.zoho_books.books import Row

_LINE = 24


def invoice_pdf(bill: Row) -> bytes:
    """One page of plain text: who, number, day, lines, total. PDF's own fonts know Latin letters only."""
    amounts = [f"{line['description']}   {line['item_total']:.2f}" for line in bill["line_items"]]
    words = [
        bill["vendor_name"], f"Invoice {bill['bill_number']}", f"{bill['date']}, due {bill['due_date']}", "",
        *amounts, f"Tax   {bill['tax_total']:.2f}", f"Total   {bill['currency_code']} {bill['total']:.2f}",
        "", "Invented, for looking at",
    ]  # fmt: skip
    shown = " T* ".join(f"({_escaped(text)}) Tj" for text in words)
    content = f"BT /F1 14 Tf 72 740 Td {_LINE} TL {shown} ET".encode("latin-1", "replace")
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(*objects: bytes) -> bytes:
    """The objects with the table that says where each begins."""
    found, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(found))
        found += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return found + (
        b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(found))
    )
