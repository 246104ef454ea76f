"""What the lived-in sample books hold, as tables to read: a line a row, cells between bars."""

from __future__ import annotations

ACCOUNTS = """\
469 | Rent | expense
445 | Heat and Light | expense
433 | Insurance | expense
489 | Telephone and Internet | expense
400 | Advertising | expense
473 | Repairs and Maintenance | expense
412 | Legal and Professional Fees | expense
425 | Postage and Couriers | expense
441 | Staff Training | expense
720 | Computer Equipment | fixed_asset
093 | Amex 1005 | credit_card
095 | Reserve Account | bank
"""
"""Code, name, kind."""

CUSTOMERS = """\
Alder Street Gallery
Beacon Primary School
Castle View Hotel
Dockside Brewing
Elm Park Surgery
Fairfield Garden Centre
Granary Wharf Studios
Hillcrest Veterinary
Ironbridge Museum
Jubilee Library
Kingfisher Outdoor
Lakeside Conference Centre
Meridian Architects
Old Post Office Bakery
Priory Chambers
Riverside Rowing Club
Saltmarsh Festival
Tidewater Theatre
"""
"""Name."""

PROJECTS = """\
Autumn Catalogue | Harbour Books
Festival Programme | Saltmarsh Festival
Signage | Castle View Hotel
Season Brochure | Lantern Theatre
"""
"""Name, customer."""

ITEMS = """\
Layout, a page | 38
Proof reading, an hour | 32
Poster A2, 50 copies | 145
Menu cards, 100 copies | 88
Photography, half a day | 260
Logo | 480
Business cards, 250 | 46
Signboard | 390
Leaflets A5, 1,000 | 112
Binding | 24
"""
"""Name, price."""

BILLS = """\
92 | Dover Windows | DW-2207 | Repairs and Maintenance | Window, first floor | 640 | Standard Rate
88 | Northwind Paper Ltd | NW-0871 | Office Supplies | Copier paper, 40 reams | 164 | Standard Rate
88 | Northwind Paper Ltd | NW-0871 | Postage and Couriers | Delivery | 12.5 | Standard Rate
84 | Harbour Print Works | HPW-311 | Printing | Catalogue, 800 copies | 1840 | Zero Rated
77 | Amber Cleaning | 5520 | Repairs and Maintenance | Office, August | 210 | Standard Rate
71 | Copper & Pine, Inc. | CP-88102 | Office Equipment | Two desks | 1130 | Standard Rate
66 | Hazel Brook Staffing | HB-02 | Manpower Cost | Week 38 | 920 | 20% (VAT on Expenses)
61 | Juniper Electrical | J-1190 | Repairs and Maintenance | Lights in the studio | 385 | Standard Rate
61 | Juniper Electrical | J-1190 | Office Equipment | Track lights | 240 | Standard Rate
55 | Northwind Paper Ltd | NW-0902 | Office Supplies | Envelopes and card | 96.4 | Standard Rate
52 | Glen Security | GS-4471 | Insurance | Alarm, a year | 312 | Standard Rate
47 | Atelier Lumière SARL | 2026/0031 | Printing | Cover, hot foil | 540 | Zero Rated
44 | Amber Cleaning | 5561 | Repairs and Maintenance | Office, September | 210 | Standard Rate
38 | Ivory Optics | IO-77 | Office Equipment | Loupe and light table | 268 | Standard Rate
33 | Hazel Brook Staffing | HB-03 | Manpower Cost | Week 42 | 1150 | 20% (VAT on Expenses)
29 | Linden Joinery | L-0418 | Repairs and Maintenance | Shelves | 725 | Standard Rate
26 | Ember Water | EW-10-26 | Heat and Light | Water, quarter | 88.2 | Zero Rated
22 | Harbour Print Works | HPW-329 | Printing | Programme, 1,200 copies | 1365 | Zero Rated
22 | Harbour Print Works | HPW-329 | Postage and Couriers | Pallet | 64 | Standard Rate
18 | Northwind Paper Ltd | NW-0933 | Office Supplies | Copier paper, 40 reams | 164 | Standard Rate
13 | Amber Cleaning | 5604 | Repairs and Maintenance | Office, October | 210 | Standard Rate
9 | Hollow Couriers | HC-9120 | Postage and Couriers | October deliveries | 148.6 | Standard Rate
6 | Fern Tools | FT-3308 | Repairs and Maintenance | Guillotine blade | 118 | Standard Rate
3 | Hazel Brook Staffing | HB-04 | Manpower Cost | Week 46 | 980 | 20% (VAT on Expenses)
1 | Cedar Catering | CC-552 | Entertainment | Private view | 435 | Standard Rate
"""
"""Days ago, supplier, number, account, description, net amount, tax; one number may have several lines."""

EXPENSES = """\
86 | Rent | 1450 | Current Account |  | Rent |
80 | Travel | 46.5 | Visa 4242 | Kestrel Taxis | To the printer |
73 | Telephone and Internet | 58.8 | Current Account |  | Line and broadband | Standard Rate
64 | Subscriptions | 31.2 | Amex 1005 |  | Typefaces | Standard Rate
56 | Rent | 1450 | Current Account |  | Rent |
50 | Travel | 118.4 | Amex 1005 |  | Train, book fair | Zero Rated
45 | Office Supplies | 23.94 | Petty Cash | Acme Paper Ltd | Tape and labels | Standard Rate
36 | Bank Fees | 14 | Current Account |  | Quarterly fee |
31 | Advertising | 180 | Amex 1005 |  | Listing, autumn fair | Standard Rate
25 | Rent | 1450 | Current Account |  | Rent |
19 | Travel | 22.7 | Visa 4242 | Kestrel Taxis | Two fares |
15 | Entertainment | 64.25 | Visa 4242 |  | Lunch with the Lantern | Standard Rate
11 | Telephone and Internet | 58.8 | Current Account |  | Line and broadband | Standard Rate
7 | Postage and Couriers | 16.9 | Petty Cash |  | Proofs by post | Zero Rated
4 | Subscriptions | 31.2 | Amex 1005 |  | Typefaces | Standard Rate
2 | Heat and Light | 212.6 | Current Account |  | Electricity | Reduced Rate
"""
"""Days ago, account, amount, paid through, supplier, description, tax."""

INVOICES = """\
74 | Lantern Theatre | Season Brochure | Layout, a page | 24
58 | Harbour Books | Autumn Catalogue | Layout, a page | 48
41 | Castle View Hotel | Signage | Signboard | 3
27 | Quayside Cafe |  | Menu cards, 100 copies | 2
16 | Saltmarsh Festival | Festival Programme | Layout, a page | 32
5 | Meridian Architects |  | Business cards, 250 | 4
"""
"""Days ago, customer, project, item, quantity."""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.splitlines()]
