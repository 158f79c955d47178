"""What people type, and the goods that come first; what no goods of the catalogue are."""

from __future__ import annotations

from functools import cache

import pytest

from xborder_cli.goods.find import find, near
from xborder_cli.tables.bundled import bundled_folder
from xborder_cli.tables.compile import open_tables


@cache
def catalogue():
    return open_tables([bundled_folder()]).goods


# one line a kind of goods: what it is, then the words that have to find it first
FIRST = """
t-shirt-cotton: cotton t-shirt | t-shirts | tshirts | T恤 | cotten tshirt
t-shirt-cotton: red t-shirt | men's t-shirt
sweater-cotton: hoodies | sweatshirts | cotton pullover | 卫衣
shirt-cotton-mens: oxford shirts | mens cotton shirt | 男衬衫
blouse-synthetic-womens: blouses | chifon blouse
dress-cotton-woven: cotton dresses | summer dress | dress cotton
jeans-cotton-mens: jeans | jens | jeens | men's jeans | blue jeans | 牛仔裤 | 男士牛仔裤
jeans-cotton-womens: womens jeans | skinny jeans | 女士牛仔裤
leggings-synthetic: leggings | leging | yoga pants | 瑜伽裤
underwear-mens-cotton: boxers | boxer shorts
bra: bras | sports bra
socks-cotton: cotton sock | sock cotton
pajamas-cotton-womens: pyjamas | pajamas | 睡衣
swimwear-womens: bikinis | swim suit
baby-clothes-cotton: 童装 | onesies | baby clothes
gloves-synthetic: gloves | glove | mittens
scarf-silk: scarf | scarves | silk scarves | 丝巾
scarf-wool: wool scarves | cashmere scarf
hat-cotton: hats | baseball caps | beanies
shoes-leather-mens: leather shoe | shoes leather | loafers | 男士皮鞋
boots-leather: boots | chelsea boots | leather boot
sneakers-textile: sneakers | sneekers | trainers | running shoes | 运动鞋
flip-flops: flip flop | flipflops
handbag-leather: leather handbags | leather hand bag | handbag leather
backpack: backpacks | back pack | rucksack | 儿童背包 | 书包
luggage: suitcases | suit case | 行李箱
jewelry-silver: silver ring | silver jewellery | silver jewelry
watch-quartz: watches | wrist watch | 手表
smartwatch: smart watches | smartwatchs | 智能手表
sunglasses: sunglass | sun glasses | 墨镜
lipstick: lipsticks | lip stick | lipstik | 口红
perfume: perfumes | parfume | 香水
shampoo: shampoos | shampo
toothpaste: tooth paste | 牙膏
supplements: vitamins | food suplement
tea-green: green tea | tea green | 绿茶
coffee-roasted: coffee | cofee | coffee beans | 咖啡豆
biscuits: cookies | biscuit
candy: sweets | candies
wine: wines | red wine
whisky: whiskey | whiskeys
diapers: nappies | diaper | nappy | 纸尿裤
smartphone: phone | phones | smart phone | cell phones | 手机
laptop: laptops | notebook computer | lap top
headphones: earphone bluetooth | bluetooth earphones | wireless earbuds | headphone
headphones: hedphones | 耳机 | 无线蓝牙耳机
speaker-bluetooth: bluetooth speakers | wireless speaker
charger-usb: chargers | usb charger | 充电器
power-bank: batteries | battery | power banks | powerbank | power bnk | 充电宝
cable-usb: usb cables | charging cable
phone-case: phone cases | case for phone | case phone | 手机壳 | 苹果手机壳
ssd: usb sticks | flash drives
keyboard-mouse: keyboards | mechanical keybord
camera-digital: cameras | digital camera | webcams
monitor: computer monitors | monitors
led-string-light: fairy lights | led strips
coffee-maker: coffee machines | coffee makers | coffee machne
kettle: electric kettles | kettles
vacuum-cleaner: vacuum cleaners | VACUUM CLEANER | vacum cleaner | 吸尘器
hair-dryer: hair dryers | hairdryer | hairdrier
toy: toys | lego | building block | 儿童玩具 | 积木
puzzle: jigsaw puzzles | puzle
bicycle: bicycles | bycicle | bike | bikes | 自行车
e-bike: e-bikes | ebikes | electric bikes
e-scooter: e-scooters | electric scooter | elektric scooter
tyre-car: car tyre | car tire | tires | tyres
helmet: bike helmets | helmets
kitchen-knife: knives | knife | kitchen knives | chefs knife | 菜刀
pocket-knife: pocket knives | folding knive | 瑞士军刀
cookware-aluminium: frying pans | aluminum cookware | aluminium cookware
glassware: wine glasses | drinking glass
vacuum-flask: water bottles | thermos
chair-upholstered-wood: sofas | couches | arm chair
bedding-cotton: bed sheets | bedsheet | pillow cases
duvet: duvets | quilts
towel: towels | bath towel
curtain: curtains | blackout curtains
carpet-tufted: rugs | rug
candle: scented candles | candels
book: books | novels | 书
guitar-acoustic: guitar | guitars | classical guitars
spectacle-frames: eyeglass frame
glassware: glass | glasses
trousers-synthetic-womens: pants | trousers
dress-synthetic-woven: ladies dress | dresses | red dress
umbrella: umbrellas | umbrela | 雨伞
stroller: pushchairs | baby strollers | prams | 婴儿车
toothbrush: tooth brushes | toothbrush
3d-printer: 3d printers | printer 3d | 3D打印机
solar-panel: solar panels
"""
PAIRS = [
    (words.strip(), slug)
    for slug, _, said in (line.partition(":") for line in FIRST.strip().splitlines())
    for words in said.split("|")
]
NONE = """
cheese | butter | milk chocolate bar mould | washing machine | refrigerator | piano | horse saddle
leather jacket | silk dress | wool sweater | phone stand | gaming chair | cheese grater | trombone
rice | dog | excavator | cotton | wooden | usb | bluetooth | lawn mower | fertiliser | cement
hair | baby | yoga mats wooden | xyzzy | qqqq www | ?! | 一二三四五六
洗衣机 | 钢琴 | 大米 | 不锈钢刀 | 电冰箱 | 挖掘机
"""


def test_the_table_is_long_enough():
    assert len(PAIRS) >= 120
    assert len(NONE.replace("\n", "|").split("|")) >= 20


@pytest.mark.parametrize(("words", "slug"), PAIRS)
def test_what_comes_first(words, slug):
    found = [hit.slug for hit in find(catalogue(), words)]
    assert found, near(catalogue(), words)
    assert found[0] == slug, found


@pytest.mark.parametrize(
    "words", [one.strip() for one in NONE.replace("\n", "|").split("|") if one.strip()]
)
def test_what_no_goods_are(words):
    assert [hit.slug for hit in find(catalogue(), words)] == []
