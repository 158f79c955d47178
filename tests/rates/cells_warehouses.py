"""Cells of the warehouses and of the legs into China, as literals.

One for nearly every row of what was gathered, drawn by lot at the edge of its band, just above the
edge before it or inside it, and worked out by the list's own rule; then cells of the lists that
were found later. Service, from, to, weight, price; then what else is given. The price is that of
one charge: `code` where it is said, else the one that CODE names for the service.
"""

from __future__ import annotations

Given = dict[str, object]

FBA_US = "amazon-fba-us-fulfilment"
STORE_US = "amazon-fba-us-storage"
FBA_GB = "amazon-fba-gb-fulfilment"
STORE_GB = "amazon-fba-gb-storage"
FBA_EU = "amazon-fba-eu-fulfilment"
FBA_NL_BE = "amazon-fba-nl-be-fulfilment"
AWD = "amazon-awd-us"
KANKUN = "kankun-pvg-master-bill"
INTO_ZONE = "kankun-pvg-into-zone"
IN_BOND = "bonded-generic-storage"
OUT_OF_BOND = "bonded-generic-handling"
FBA_JP = "amazon-fba-jp-fulfilment"
FBA_CA = "amazon-fba-ca-fulfilment"
FBA_AU = "amazon-fba-au-fulfilment"
HUB_CH = "nse-ch-hub-storage"
STORE_DE = "amazon-fba-de-storage"
FBA_AE = "amazon-fba-ae-fulfilment"
FBA_SA = "amazon-fba-sa-fulfilment"
CCSS = "ccss-bulk-entry"
FBT_STORE = "fbt-us-storage"
HUB_AU = "nse-au-hub-storage"
SHIPBOB = "shipbob-us-receiving"

# boxes: by the names of Amazon's sizes, or so that a side alone decides
THIN = "10x8x0.5 in"
SLIM = "8x3x1 in"
BULKY = "20x5x3 in"
LONG = "40x5x3 in"
EXTRA = "70x6x3 in"
BOX = "10x8x1 in"
CASE = "45x35x20 cm"
CRATE = "100x50x20 cm"
LETTER = "30x20x2 cm"
FLAT = "30x20x3.5 cm"
THICK = "30x20x5.5 cm"
CUBE = "10x10x7 cm"
CARTON = "40x30x20 cm"
ROD_40 = "40x1x1 cm"
ROD_50 = "50x1x1 cm"
ROD_90 = "90x1x1 cm"
ROD_110 = "110x1x1 cm"
ROD_130 = "130x1x1 cm"

# days: of an edition that has a successor, in and out of a season
MAY = "2026-05-04"
AUGUST = "2026-08-03"
DECEMBER = "2026-12-20"
LAST_DAY = "2025-02-19"
BEFORE = "2025-06-02"
AFTER = "2026-06-01"
OVER_20 = "20.01 GBP"  # above the low-price rates

# what is asked for
HOLIDAY: Given = {"code": "holiday_peak"}
CLOTHES: Given = {"traits": ("apparel",)}
HAZARD: Given = {"options": ("dangerous-goods",)}
STANDARD: Given = {"code": "storage_standard", "size": CASE}
BIG: Given = {"code": "storage_bulky", "size": CRATE}
AGED: Given = {"code": "aged_inventory", "on": AUGUST, "size": CASE}
AGED_YEAR: Given = {"code": "aged_inventory_year", "on": AUGUST, "size": CASE}
ONE_PLACE: Given = {"code": "inbound_placement", "on": LAST_DAY, "options": ("placement-minimal",)}
ONE_PLACE_LOW: Given = {
    "code": "inbound_placement",
    "on": LAST_DAY,
    "options": ("placement-minimal-low",),
}
FEW_PLACES: Given = {"code": "inbound_placement", "on": LAST_DAY, "options": ("placement-partial",)}
FEW_PLACES_LOW: Given = {
    "code": "inbound_placement",
    "on": LAST_DAY,
    "options": ("placement-partial-low",),
}
KILOS: Given = {"code": "oversize_kilograms", "on": AUGUST}
SMART_2025: Given = {"on": BEFORE, "size": CASE, "options": ("amazon-awd",)}
BASE_2025: Given = {"on": BEFORE, "size": CASE, "options": ("amazon-awd", "awd-base")}
MANAGED_2025: Given = {"on": BEFORE, "size": CASE, "options": ("amazon-awd", "awd-managed")}
SMART: Given = {"on": AFTER, "size": CASE, "options": ("amazon-awd",)}
BASE: Given = {"on": AFTER, "size": CASE, "options": ("amazon-awd", "awd-base")}
MANAGED: Given = {"on": AFTER, "size": CASE, "options": ("amazon-awd", "awd-managed")}
BASE_WEST: Given = {"on": AFTER, "size": CASE, "options": ("amazon-awd", "awd-base", "awd-west")}
SMART_WEST: Given = {"on": AFTER, "size": CASE, "options": ("amazon-awd", "awd-west")}
MANAGED_WEST: Given = {
    "on": AFTER,
    "size": CASE,
    "options": ("amazon-awd", "awd-managed", "awd-west"),
}
LICENCE: Given = {"code": "licence", "options": ("import-licence",)}
DELIVERY: Given = {"code": "delivery", "options": ("air-into-zone",)}
QUARANTINE: Given = {"code": "quarantine", "options": ("quarantine",)}
INSPECTION: Given = {"code": "inspection", "options": ("inspection",)}
AT_AIRPORT: Given = {"code": "airport_storage", "options": ("airport-storage",)}
TIKTOK: Given = {"platform": "tiktok", "size": CASE}
TIKTOK_LOW: Given = {"platform": "tiktok", "size": CASE, "options": ("low-end",)}
LOW_END: Given = {"options": ("low-end",)}

CODE = {
    AWD: "storage",
    FBA_AE: "fulfilment",
    FBA_AU: "fulfilment",
    FBA_CA: "fulfilment",
    STORE_DE: "storage_standard",
    FBA_EU: "fulfilment",
    FBA_GB: "fulfilment",
    STORE_GB: "storage_standard",
    FBA_JP: "fulfilment",
    FBA_NL_BE: "fulfilment",
    FBA_SA: "fulfilment",
    FBA_US: "fulfilment",
    STORE_US: "storage",
    OUT_OF_BOND: "handling_in",
    IN_BOND: "storage",
    CCSS: "entry_clearance",
    "fbt-us-fulfilment": "fulfilment",
    FBT_STORE: "storage",
    "fbz-lax-handling": "handling",
    "fbz-lax-storage": "storage",
    "gb-3pl-handling": "handling",
    "gb-3pl-receiving": "receiving",
    "gb-3pl-returns": "returns",
    INTO_ZONE: "airline_handling",
    KANKUN: "agency",
    "nse-ae-hub-storage": "storage",
    HUB_AU: "storage",
    HUB_CH: "storage",
    "nse-nz-hub-storage": "storage",
    "nse-sa-hub-storage": "storage",
    SHIPBOB: "receiving",
    "shiphero-handling": "extra_picks",
    "shiphero-receiving": "receiving",
    "shiphero-storage": "storage",
}

CELLS: list[tuple[str, str, str, str, str] | tuple[str, str, str, str, str, Given]] = [
    (AWD, "CN", "US", "1 kg", "0.53 USD", {**BASE_2025}),
    (AWD, "CN", "US", "1 kg", "0.47 USD", {**SMART_2025}),
    (AWD, "CN", "US", "1 kg", "0.42 USD", {**MANAGED_2025}),
    (AWD, "CN", "US", "1 kg", "1.35 USD", {**SMART_2025, "code": "box_in", "lot": "1"}),
    (AWD, "CN", "US", "1 kg", "1.28 USD", {**BASE_2025, "code": "transport"}),
    (AWD, "CN", "US", "1 kg", "1.16 USD", {**MANAGED_2025, "code": "transport"}),
    (AWD, "CN", "US", "1 kg", "0.63 USD", {**BASE_WEST}),
    (AWD, "CN", "US", "1 kg", "0.56 USD", {**SMART_WEST}),
    (AWD, "CN", "US", "1 kg", "0.50 USD", {**MANAGED_WEST}),
    (AWD, "CN", "US", "1 kg", "0.53 USD", {**BASE}),
    (AWD, "CN", "US", "1 kg", "0.47 USD", {**SMART}),
    (AWD, "CN", "US", "1 kg", "0.42 USD", {**MANAGED}),
    (AWD, "CN", "US", "1 kg", "1.40 USD", {**SMART, "code": "box_in", "lot": "1"}),
    (AWD, "CN", "US", "1 kg", "1.56 USD", {**SMART, "code": "transport"}),
    (AWD, "CN", "US", "1 kg", "1.40 USD", {**MANAGED, "code": "transport"}),
    (FBA_AE, "CN", "AE", "1.5 kg", "11.00 AED", {"size": CARTON, "value": "30 AED"}),
    (FBA_AE, "CN", "AE", "32.5 kg", "44.50 AED", {"size": "60x40x30 cm", "value": "30 AED"}),
    (FBA_AU, "CN", "AU", "75 g", "4.55 AUD", {"size": "20x15x1 cm", "value": "25 AUD"}),
    (FBA_AU, "CN", "AU", "225 g", "4.35 AUD", {"size": LETTER, "value": "12.99 AUD"}),
    (FBA_AU, "CN", "AU", "975 g", "8.29 AUD", {"size": "30x20x5 cm", "value": "13 AUD"}),
    (FBA_AU, "CN", "AU", "5 kg", "10.19 AUD", {"size": "30x20x10 cm", "value": "25 AUD"}),
    (FBA_AU, "CN", "AU", "10.001 kg", "12.89 AUD", {"size": "30x20x10 cm", "value": "12 AUD"}),
    (FBA_AU, "CN", "AU", "22 kg", "16.42 AUD", {"size": "90x20x10 cm", "value": "25 AUD"}),
    (FBA_CA, "CN", "CA", "100 g", "4.46 CAD", {"size": "30x20x0.5 cm"}),
    (FBA_CA, "CN", "CA", "401 g", "5.62 CAD", {"size": "30x20x1 cm"}),
    (FBA_CA, "CN", "CA", "100 g", "5.92 CAD", {"size": "10x5x5 cm"}),
    (FBA_CA, "CN", "CA", "1.5 kg", "9.60 CAD", {"size": "10x5x5 cm"}),
    (FBA_CA, "CN", "CA", "1.51 kg", "10.41 CAD", {"size": "10x5x5 cm"}),
    (FBA_CA, "CN", "CA", "3 kg", "11.67 CAD", {"size": "10x5x5 cm"}),
    (FBA_CA, "CN", "CA", "5 kg", "19.57 CAD", {"size": "100x5x5 cm"}),
    (FBA_CA, "CN", "CA", "700 g", "0.46 CAD", {**HOLIDAY, "size": "10x5x5 cm"}),
    (STORE_DE, "CN", "DE", "1 kg", "0.86 EUR", {"on": AUGUST, "size": "45x34x20.7 cm"}),
    (FBA_EU, "CN", "DE", "20 g", "2.33 EUR", {"on": AUGUST, "size": LETTER, "value": "25 EUR"}),
    (FBA_EU, "CN", "DE", "460 g", "2.28 EUR", {"on": AUGUST, "size": LETTER, "value": "20 EUR"}),
    (FBA_EU, "CN", "DE", "1.401 kg", "3.95 EUR", {"on": AUGUST, "size": ROD_40, "value": "25 EUR"}),
    (FBA_EU, "CN", "DE", "45 kg", "47.98 EUR", {"on": AUGUST, "size": ROD_90, "value": "25 EUR"}),
    (FBA_EU, "CN", "DE", "400 g", "0.21 EUR", {**HOLIDAY, "size": CUBE, "value": "25 EUR"}),
    (FBA_EU, "CN", "DE", "8.9 kg", "0.39 EUR", {**HOLIDAY, "size": ROD_40, "value": "25 EUR"}),
    (FBA_EU, "CN", "ES", "3.9 kg", "5.50 EUR", {"on": AUGUST, "size": CUBE, "value": "25 EUR"}),
    (FBA_EU, "CN", "ES", "31.5 kg", "14.00 EUR", {"on": AUGUST, "size": ROD_90, "value": "25 EUR"}),
    (FBA_EU, "CN", "FR", "960 g", "4.39 EUR", {"on": AUGUST, "size": FLAT, "value": "25 EUR"}),
    (FBA_EU, "CN", "FR", "8.9 kg", "8.84 EUR", {"on": AUGUST, "size": ROD_40, "value": "25 EUR"}),
    (FBA_EU, "CN", "FR", "5.5 kg", "1.05 EUR", {**KILOS, "size": ROD_90, "value": "25 EUR"}),
    (FBA_EU, "CN", "IT", "150 g", "4.13 EUR", {"on": AUGUST, "size": CUBE, "value": "25 EUR"}),
    (FBA_EU, "CN", "IT", "0.76 kg", "7.21 EUR", {"on": AUGUST, "size": ROD_50, "value": "25 EUR"}),
    (FBA_GB, "CN", "GB", "20 g", "1.83 GBP", {"on": AUGUST, "size": LETTER, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "40 g", "1.87 GBP", {"on": AUGUST, "size": LETTER, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "60 g", "1.89 GBP", {"on": MAY, "size": LETTER, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "61 g", "2.07 GBP", {"on": MAY, "size": LETTER, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "100 g", "2.08 GBP", {"on": AUGUST, "size": LETTER, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "210 g", "2.10 GBP", {"on": MAY, "size": LETTER, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "460 g", "2.16 GBP", {"on": MAY, "size": LETTER, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "960 g", "2.72 GBP", {"on": AUGUST, "size": FLAT, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "960 g", "2.94 GBP", {"on": AUGUST, "size": THICK, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "150 g", "2.91 GBP", {"on": MAY, "size": CUBE, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "400 g", "3.00 GBP", {"on": AUGUST, "size": CUBE, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "401 g", "3.04 GBP", {"on": MAY, "size": CUBE, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "1400 g", "3.05 GBP", {"on": AUGUST, "size": CUBE, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "1900 g", "3.25 GBP", {"on": AUGUST, "size": CUBE, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "3900 g", "3.27 GBP", {"on": AUGUST, "size": CUBE, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "150 g", "2.94 GBP", {"on": MAY, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "151 g", "3.01 GBP", {"on": MAY, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "900 g", "3.06 GBP", {"on": AUGUST, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "1400 g", "3.26 GBP", {"on": MAY, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "1401 g", "3.48 GBP", {"on": AUGUST, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "2900 g", "3.49 GBP", {"on": AUGUST, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "2901 g", "3.54 GBP", {"on": AUGUST, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "5900 g", "3.56 GBP", {"on": MAY, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "8900 g", "3.57 GBP", {"on": AUGUST, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "11900 g", "3.58 GBP", {"on": AUGUST, "size": ROD_40, "value": OVER_20}),
    (FBA_GB, "CN", "GB", "20 g", "1.46 GBP", {"on": AUGUST, "size": LETTER, "value": "20 GBP"}),
    (FBA_GB, "CN", "GB", "40 g", "1.50 GBP", {"on": AUGUST, "size": LETTER, "value": "5 GBP"}),
    (FBA_GB, "CN", "GB", "60 g", "1.52 GBP", {"on": MAY, "size": LETTER, "value": "20 GBP"}),
    (FBA_GB, "CN", "GB", "80 g", "1.67 GBP", {"on": AUGUST, "size": LETTER, "value": "20 GBP"}),
    (FBA_GB, "CN", "GB", "100 g", "1.70 GBP", {"on": AUGUST, "size": LETTER, "value": "20 GBP"}),
    (FBA_GB, "CN", "GB", "210 g", "1.73 GBP", {"on": AUGUST, "size": LETTER, "value": "20 GBP"}),
    (FBA_GB, "CN", "GB", "211 g", "1.87 GBP", {"on": AUGUST, "size": LETTER, "value": "20 GBP"}),
    (FBA_GB, "CN", "GB", "960 g", "2.42 GBP", {"on": MAY, "size": FLAT, "value": "20 GBP"}),
    (FBA_GB, "CN", "GB", "960 g", "2.65 GBP", {"on": AUGUST, "size": THICK, "value": "5 GBP"}),
    (FBA_GB, "CN", "GB", "150 g", "2.67 GBP", {"on": MAY, "size": CUBE, "value": "5 GBP"}),
    (FBA_GB, "CN", "GB", "400 g", "2.70 GBP", {"on": AUGUST, "size": CUBE, "value": "20 GBP"}),
    (FBA_GB, "CN", "GB", "1.7 kg", "3.71 GBP", {"on": MAY, "size": ROD_50, "value": "30 GBP"}),
    (FBA_GB, "CN", "GB", "5.5 kg", "5.10 GBP", {"on": MAY, "size": ROD_90, "value": "30 GBP"}),
    (FBA_GB, "CN", "GB", "20 kg", "6.98 GBP", {"on": MAY, "size": ROD_90, "value": "30 GBP"}),
    (FBA_GB, "CN", "GB", "9.76 kg", "6.30 GBP", {"on": MAY, "size": ROD_110, "value": "30 GBP"}),
    (FBA_GB, "CN", "GB", "23 kg", "15.72 GBP", {"on": MAY, "size": ROD_130, "value": "30 GBP"}),
    (FBA_GB, "CN", "GB", "31.5 kg", "13.04 GBP", {"on": MAY, "size": ROD_90, "value": "30 GBP"}),
    (FBA_GB, "CN", "GB", "1.9 kg", "0.12 GBP", {**HOLIDAY, "size": CUBE, "value": "25 GBP"}),
    (FBA_GB, "CN", "GB", "1.7 kg", "0.25 GBP", {**KILOS, "size": ROD_50, "value": "25 GBP"}),
    (STORE_GB, "CN", "GB", "1 kg", "1.62 GBP", {"on": DECEMBER, "size": "45x34x20.1 cm"}),
    (FBA_JP, "CN", "JP", "0.25 kg", "288 JPY", {"size": "25x18x2 cm", "value": "3000 JPY"}),
    (FBA_JP, "CN", "JP", "0.25 kg", "222 JPY", {"size": "25x18x2 cm", "value": "1000 JPY"}),
    (FBA_JP, "CN", "JP", "1 kg", "318 JPY", {"size": "35x30x3.3 cm", "value": "3000 JPY"}),
    (FBA_JP, "CN", "JP", "1 kg", "420 JPY", {"size": "20x10x8 cm", "value": "3000 JPY"}),
    (FBA_JP, "CN", "JP", "9 kg", "532 JPY", {"size": CASE, "value": "3000 JPY"}),
    (FBA_JP, "CN", "JP", "12 kg", "781 JPY", {"size": "50x40x30 cm", "value": "3000 JPY"}),
    (FBA_JP, "CN", "JP", "50 kg", "5625 JPY", {"size": "100x80x80 cm", "value": "3000 JPY"}),
    (FBA_JP, "CN", "JP", "4 kg", "427 JPY", {"size": "40x20x20 cm", "value": "900 JPY"}),
    (FBA_NL_BE, "CN", "BE", "210 g", "1.98 EUR", {"on": AUGUST, "size": LETTER, "value": "15 EUR"}),
    (FBA_NL_BE, "CN", "NL", "1.9 kg", "4.82 EUR", {"on": AUGUST, "size": CUBE, "value": "25 EUR"}),
    (FBA_SA, "CN", "SA", "0.5 kg", "8.50 SAR", {"size": LETTER, "value": "30 SAR"}),
    (FBA_SA, "CN", "SA", "3 kg", "10.00 SAR", {"size": CARTON, "value": "25 SAR"}),
    (FBA_US, "CN", "US", "2 oz", "2.43 USD", {"size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "2 oz", "3.32 USD", {"size": THIN, "value": "50 USD"}),
    (FBA_US, "CN", "US", "2 oz", "3.58 USD", {"size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "2.1 oz", "2.49 USD", {"size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "2.1 oz", "3.42 USD", {"size": THIN, "value": "10 USD"}),
    (FBA_US, "CN", "US", "2.1 oz", "3.68 USD", {"size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "6 oz", "2.56 USD", {"size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "4.1 oz", "3.45 USD", {"size": THIN, "value": "10 USD"}),
    (FBA_US, "CN", "US", "6 oz", "3.71 USD", {"size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "8 oz", "2.66 USD", {"size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "8 oz", "3.54 USD", {"size": THIN, "value": "10 USD"}),
    (FBA_US, "CN", "US", "8 oz", "3.80 USD", {"size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "10 oz", "2.77 USD", {"size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "10 oz", "3.68 USD", {"size": THIN, "value": "10 USD"}),
    (FBA_US, "CN", "US", "10 oz", "3.94 USD", {"size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "10.1 oz", "2.82 USD", {"size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "12 oz", "3.78 USD", {"size": THIN, "value": "50 USD"}),
    (FBA_US, "CN", "US", "10.1 oz", "4.04 USD", {"size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "14 oz", "2.92 USD", {"size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "14 oz", "3.91 USD", {"size": THIN, "value": "50 USD"}),
    (FBA_US, "CN", "US", "14 oz", "4.17 USD", {"size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "14.1 oz", "2.95 USD", {"size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "14.1 oz", "3.96 USD", {"size": THIN, "value": "10 USD"}),
    (FBA_US, "CN", "US", "14.1 oz", "4.22 USD", {"size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "4 oz", "2.91 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "4 oz", "3.73 USD", {"size": SLIM, "value": "10 USD"}),
    (FBA_US, "CN", "US", "4 oz", "3.99 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "8 oz", "3.13 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "8 oz", "3.95 USD", {"size": SLIM, "value": "10 USD"}),
    (FBA_US, "CN", "US", "4.1 oz", "4.21 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "12 oz", "3.38 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "12 oz", "4.20 USD", {"size": SLIM, "value": "50 USD"}),
    (FBA_US, "CN", "US", "12 oz", "4.46 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "16 oz", "3.78 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "16 oz", "4.60 USD", {"size": SLIM, "value": "10 USD"}),
    (FBA_US, "CN", "US", "16 oz", "4.86 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "16.1 oz", "4.22 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "1.25 lb", "5.04 USD", {"size": SLIM, "value": "10 USD"}),
    (FBA_US, "CN", "US", "16.1 oz", "5.30 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "1.5 lb", "4.60 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "20.1 oz", "5.42 USD", {"size": SLIM, "value": "50 USD"}),
    (FBA_US, "CN", "US", "1.5 lb", "5.68 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "1.75 lb", "4.75 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "1.75 lb", "5.57 USD", {"size": SLIM, "value": "50 USD"}),
    (FBA_US, "CN", "US", "1.75 lb", "5.83 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "2 lb", "5.00 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "28.1 oz", "5.82 USD", {"size": SLIM, "value": "10 USD"}),
    (FBA_US, "CN", "US", "2 lb", "6.08 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "2.25 lb", "5.10 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "2.25 lb", "5.92 USD", {"size": SLIM, "value": "50 USD"}),
    (FBA_US, "CN", "US", "2.25 lb", "6.18 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "2.5 lb", "5.28 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "36.1 oz", "6.10 USD", {"size": SLIM, "value": "10 USD"}),
    (FBA_US, "CN", "US", "36.1 oz", "6.36 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "40.1 oz", "5.44 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "40.1 oz", "6.26 USD", {"size": SLIM, "value": "10 USD"}),
    (FBA_US, "CN", "US", "40.1 oz", "6.52 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "44.1 oz", "5.85 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "3 lb", "6.67 USD", {"size": SLIM, "value": "50 USD"}),
    (FBA_US, "CN", "US", "44.1 oz", "6.93 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "12.3 lb", "9.19 USD", {"size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "3.01 lb", "7.05 USD", {"size": SLIM, "value": "50 USD"}),
    (FBA_US, "CN", "US", "12.3 lb", "10.27 USD", {"size": SLIM, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "20.2 lb", "14.38 USD", {"size": BULKY, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "20.2 lb", "15.15 USD", {"size": BULKY, "value": "10 USD"}),
    (FBA_US, "CN", "US", "3 lb", "8.31 USD", {"size": BULKY, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "5 lb", "10.10 USD", {"size": LONG, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "50 lb", "27.97 USD", {"size": LONG, "value": "50 USD"}),
    (FBA_US, "CN", "US", "50 lb", "27.97 USD", {"size": LONG, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "49.5 lb", "44.18 USD", {"size": EXTRA, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "49.5 lb", "44.95 USD", {"size": EXTRA, "value": "10 USD"}),
    (FBA_US, "CN", "US", "49.5 lb", "44.95 USD", {"size": EXTRA, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "70 lb", "50.80 USD", {"size": EXTRA, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "51.5 lb", "38.07 USD", {"size": EXTRA, "value": "10 USD"}),
    (FBA_US, "CN", "US", "70 lb", "51.57 USD", {"size": EXTRA, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "100 lb", "72.30 USD", {"size": EXTRA, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "70.5 lb", "51.32 USD", {"size": EXTRA, "value": "50 USD"}),
    (FBA_US, "CN", "US", "70.5 lb", "51.32 USD", {"size": EXTRA, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "151 lb", "194.18 USD", {"size": EXTRA, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "180.5 lb", "200.65 USD", {"size": EXTRA, "value": "50 USD"}),
    (FBA_US, "CN", "US", "151 lb", "194.95 USD", {"size": EXTRA, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "2 oz", "2.62 USD", {**CLOTHES, "size": THIN, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "8 oz", "3.69 USD", {**CLOTHES, "size": THIN, "value": "25 USD"}),
    (FBA_US, "CN", "US", "16 oz", "4.51 USD", {**CLOTHES, "size": THIN, "value": "50.01 USD"}),
    (FBA_US, "CN", "US", "4 oz", "4.30 USD", {**CLOTHES, "size": SLIM, "value": "25 USD"}),
    (FBA_US, "CN", "US", "1.25 lb", "5.05 USD", {**CLOTHES, "size": SLIM, "value": "9.99 USD"}),
    (FBA_US, "CN", "US", "3 lb", "7.16 USD", {**CLOTHES, "size": SLIM, "value": "60 USD"}),
    (FBA_US, "CN", "US", "5 lb", "7.61 USD", {**CLOTHES, "size": SLIM, "value": "25 USD"}),
    (FBA_US, "CN", "US", "2 oz", "4.29 USD", {**HAZARD, "size": THIN, "value": "25 USD"}),
    (FBA_US, "CN", "US", "12 oz", "5.25 USD", {**HAZARD, "size": SLIM, "value": "60 USD"}),
    (FBA_US, "CN", "US", "4 lb", "7.75 USD", {**HAZARD, "size": SLIM, "value": "25 USD"}),
    (FBA_US, "CN", "US", "3 lb", "9.03 USD", {**HAZARD, "size": BULKY, "value": "25 USD"}),
    (FBA_US, "CN", "US", "2 oz", "0.19 USD", {**HOLIDAY, "size": THIN, "value": "25 USD"}),
    (FBA_US, "CN", "US", "14 oz", "0.22 USD", {**HOLIDAY, "size": THIN, "value": "25 USD"}),
    (FBA_US, "CN", "US", "1 lb", "0.29 USD", {**HOLIDAY, "size": SLIM, "value": "25 USD"}),
    (FBA_US, "CN", "US", "3 lb", "0.41 USD", {**HOLIDAY, "size": SLIM, "value": "25 USD"}),
    (FBA_US, "CN", "US", "10 lb", "0.54 USD", {**HOLIDAY, "size": SLIM, "value": "25 USD"}),
    (FBA_US, "CN", "US", "10 lb", "1.04 USD", {**HOLIDAY, "size": BULKY, "value": "25 USD"}),
    (FBA_US, "CN", "US", "60 lb", "2.81 USD", {**HOLIDAY, "size": EXTRA, "value": "25 USD"}),
    (STORE_US, "CN", "US", "1 kg", "0.57 USD", {**STANDARD, "on": AUGUST, "storage_days": "20"}),
    (STORE_US, "CN", "US", "1 kg", "1.76 USD", {**STANDARD, "on": DECEMBER, "storage_days": "20"}),
    (STORE_US, "CN", "US", "1 kg", "1.95 USD", {**BIG, "on": AUGUST}),
    (STORE_US, "CN", "US", "1 kg", "3.25 USD", {**BIG, "on": DECEMBER, "storage_days": "20"}),
    (STORE_US, "CN", "US", "1 kg", "0.37 USD", {**AGED, "storage_days": "200"}),
    (STORE_US, "CN", "US", "1 kg", "1.65 USD", {**AGED, "storage_days": "240"}),
    (STORE_US, "CN", "US", "1 kg", "2.74 USD", {**AGED, "storage_days": "260"}),
    (STORE_US, "CN", "US", "1 kg", "7.46 USD", {**AGED, "storage_days": "300"}),
    (STORE_US, "CN", "US", "1 kg", "10.39 USD", {**AGED, "storage_days": "320"}),
    (STORE_US, "CN", "US", "1 kg", "17.23 USD", {**AGED, "storage_days": "365"}),
    (STORE_US, "CN", "US", "1 kg", "26.06 USD", {**AGED_YEAR, "storage_days": "400"}),
    (STORE_US, "CN", "US", "16 oz", "0.16 USD", {**ONE_PLACE_LOW, "size": THIN}),
    (STORE_US, "CN", "US", "16 oz", "0.30 USD", {**ONE_PLACE, "size": THIN}),
    (STORE_US, "CN", "US", "16 oz", "0.12 USD", {**FEW_PLACES_LOW, "size": THIN}),
    (STORE_US, "CN", "US", "16 oz", "0.21 USD", {**FEW_PLACES, "size": THIN}),
    (STORE_US, "CN", "US", "12 oz", "0.18 USD", {**ONE_PLACE_LOW, "size": BOX}),
    (STORE_US, "CN", "US", "12 oz", "0.34 USD", {**ONE_PLACE, "size": BOX}),
    (STORE_US, "CN", "US", "12 oz", "0.13 USD", {**FEW_PLACES_LOW, "size": BOX}),
    (STORE_US, "CN", "US", "12 oz", "0.24 USD", {**FEW_PLACES, "size": BOX}),
    (STORE_US, "CN", "US", "1.5 lb", "0.22 USD", {**ONE_PLACE_LOW, "size": BOX}),
    (STORE_US, "CN", "US", "1.5 lb", "0.41 USD", {**ONE_PLACE, "size": BOX}),
    (STORE_US, "CN", "US", "1.5 lb", "0.15 USD", {**FEW_PLACES_LOW, "size": BOX}),
    (STORE_US, "CN", "US", "1.5 lb", "0.28 USD", {**FEW_PLACES, "size": BOX}),
    (STORE_US, "CN", "US", "3 lb", "0.27 USD", {**ONE_PLACE_LOW, "size": BOX}),
    (STORE_US, "CN", "US", "3 lb", "0.49 USD", {**ONE_PLACE, "size": BOX}),
    (STORE_US, "CN", "US", "3 lb", "0.17 USD", {**FEW_PLACES_LOW, "size": BOX}),
    (STORE_US, "CN", "US", "3 lb", "0.34 USD", {**FEW_PLACES, "size": BOX}),
    (STORE_US, "CN", "US", "20 lb", "0.37 USD", {**ONE_PLACE_LOW, "size": BOX}),
    (STORE_US, "CN", "US", "20 lb", "0.68 USD", {**ONE_PLACE, "size": BOX}),
    (STORE_US, "CN", "US", "20 lb", "0.23 USD", {**FEW_PLACES_LOW, "size": BOX}),
    (STORE_US, "CN", "US", "20 lb", "0.48 USD", {**FEW_PLACES, "size": BOX}),
    (OUT_OF_BOND, "NL", "CN", "1 kg", "2.50 CNY", {"size": CRATE}),
    (OUT_OF_BOND, "NL", "CN", "1 kg", "1.00 CNY", {"code": "label"}),
    (OUT_OF_BOND, "NL", "CN", "1 kg", "5.00 CNY", {"code": "pack"}),
    (IN_BOND, "NL", "CN", "1 kg", "6.75 CNY", {"size": CRATE, "storage_days": "45"}),
    (IN_BOND, "NL", "CN", "1 kg", "16.20 CNY", {"size": CRATE, "storage_days": "100"}),
    (IN_BOND, "NL", "CN", "1 kg", "46.35 CNY", {"size": CRATE, "storage_days": "250"}),
    (CCSS, "NL", "CN", "1 kg", "2.95 USD", {"lot": "100"}),
    (CCSS, "NL", "CN", "1 kg", "2.95 USD", {"lot": "100"}),
    (CCSS, "NL", "CN", "1 kg", "2.95 USD", {"lot": "100"}),
    (CCSS, "NL", "CN", "1 kg", "2.95 USD", {"lot": "100"}),
    (CCSS, "NL", "CN", "1 kg", "2.95 USD", {"lot": "100"}),
    (CCSS, "NL", "CN", "1 kg", "1.50 USD", {**LICENCE, "lot": "100"}),
    ("fbt-us-fulfilment", "CN", "US", "1 kg", "3.58 USD", {**LOW_END, "platform": "tiktok"}),
    ("fbt-us-fulfilment", "CN", "US", "1 kg", "5.75 USD", {"platform": "tiktok"}),
    (FBT_STORE, "CN", "US", "1 kg", "0.67 USD", {**TIKTOK_LOW, "storage_days": "60"}),
    (FBT_STORE, "CN", "US", "1 kg", "4.00 USD", {**TIKTOK, "storage_days": "60"}),
    ("fbz-lax-handling", "CN", "US", "1 lb", "0.50 USD", {"size": SLIM}),
    ("fbz-lax-handling", "CN", "US", "1.1 lb", "0.60 USD", {"size": SLIM}),
    ("fbz-lax-handling", "CN", "US", "2.1 lb", "0.80 USD", {"size": SLIM}),
    ("fbz-lax-handling", "CN", "US", "6 lb", "1.00 USD", {"size": SLIM}),
    ("fbz-lax-handling", "CN", "US", "6.1 lb", "1.30 USD", {"size": SLIM}),
    ("fbz-lax-handling", "CN", "US", "30 lb", "1.80 USD", {"size": SLIM}),
    ("fbz-lax-handling", "CN", "US", "30.1 lb", "2.00 USD", {"size": SLIM}),
    ("fbz-lax-handling", "CN", "US", "70 lb", "3.50 USD", {"size": SLIM}),
    ("fbz-lax-storage", "CN", "US", "1 kg", "0.72 USD", {"size": CASE}),
    ("gb-3pl-handling", "CN", "GB", "1 kg", "0.75 GBP", {**LOW_END}),
    ("gb-3pl-handling", "CN", "GB", "1 kg", "2.50 GBP"),
    ("gb-3pl-receiving", "CN", "GB", "1 kg", "0.00 GBP", {**LOW_END, "lot": "10"}),
    ("gb-3pl-receiving", "CN", "GB", "1 kg", "3.00 GBP", {"lot": "10"}),
    ("gb-3pl-returns", "CN", "GB", "1 kg", "0.10 GBP", {**LOW_END, "return_rate": "10 %"}),
    ("gb-3pl-returns", "CN", "GB", "1 kg", "0.30 GBP", {"return_rate": "10 %"}),
    (INTO_ZONE, "JP", "CN", "0.8 kg", "0.45 CNY", {"lot": "250", "options": ("air-into-zone",)}),
    (INTO_ZONE, "JP", "CN", "0.8 kg", "1.80 CNY", {**DELIVERY, "lot": "250"}),
    (KANKUN, "JP", "CN", "0.8 kg", "1.40 CNY", {"lot": "250"}),
    (KANKUN, "JP", "CN", "0.8 kg", "0.80 CNY", {**QUARANTINE, "lot": "250"}),
    (KANKUN, "JP", "CN", "0.8 kg", "0.60 CNY", {**INSPECTION, "lot": "250"}),
    (KANKUN, "JP", "CN", "0.8 kg", "0.80 CNY", {"code": "terminal_handling", "lot": "100"}),
    (KANKUN, "JP", "CN", "0.8 kg", "0.67 CNY", {**AT_AIRPORT, "lot": "250", "storage_days": "7"}),
    ("nse-ae-hub-storage", "CN", "AE", "1 kg", "15.00 CNY", {"size": CRATE, "storage_days": "12"}),
    (HUB_AU, "CN", "AU", "1 kg", "9.00 AUD", {"size": CRATE, "lot": "100", "storage_days": "5"}),
    (HUB_CH, "CN", "CH", "1 kg", "60.00 CNY", {"size": CRATE, "lot": "100"}),
    (HUB_CH, "CN", "CH", "1 kg", "120.00 CNY", {"size": CRATE, "lot": "100", "storage_days": "50"}),
    ("nse-nz-hub-storage", "CN", "NZ", "1 kg", "15.00 CNY", {"size": CRATE, "storage_days": "25"}),
    ("nse-sa-hub-storage", "CN", "SA", "1 kg", "15.00 CNY", {"size": CRATE, "storage_days": "12"}),
    (SHIPBOB, "CN", "US", "1 kg", "2.50 USD", {"lot": "10", "options": ("shipbob", "low-end")}),
    (SHIPBOB, "CN", "US", "1 kg", "4.00 USD", {"lot": "10", "options": ("shipbob",)}),
    ("shiphero-handling", "CN", "US", "1 kg", "0.50 USD", {"quantity": "5"}),
    ("shiphero-handling", "CN", "US", "20.5 lb", "3.50 USD", {"code": "heavy_pick"}),
    ("shiphero-receiving", "CN", "US", "1 kg", "0.00 USD"),
    ("shiphero-storage", "CN", "US", "1 kg", "0.71 USD", {"size": CASE}),
]
