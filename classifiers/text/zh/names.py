"""What counts as a Chinese person's name: surnames, titles, labels, and what only looks like one.

The tagger guesses from context; these rules take back guesses that are words, places or peoples,
cut greetings off titles, and add what a title or a label says without doubt (王女士, 联系人：张三).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from classifiers.text.model import Kind, Mention
from classifiers.text.zh.glosses import with_glosses
from classifiers.text.zh.surnames import COMPOUND, SURNAMES

_TITLES: Final = (
    "先生|女士|小姐|太太|夫人|老师|医生|大夫|护士|主任|经理|总监|总裁|总经理|董事长|董事|局长|处长|科长"
    "|部长|厂长|院长|校长|行长|店长|队长|组长|班长|会长|教授|博士|律师|法官|警官|师傅|阿姨|叔叔|大爷"
    "|大妈|大姐|大哥|奶奶|爷爷|同学|同志|工程师|会计|秘书|导演|教练|书记|老板|老师傅|主管|助理|议员|市长|县长|镇长"
    "|村长|主席|课长|董|总|工|哥|姐|姨|叔|sir|Sir"
)
# Titles of one character also begin words: 王总 but not 王总共, 李工 but not 李工作.
_NOT_TITLE: Final = "(?![共体之是数量计结局部程业具资作人艺厂地])"
_SURNAME: Final = f"(?:{'|'.join(sorted(COMPOUND))}|[{''.join(sorted(SURNAMES))}])"
_TITLED: Final = re.compile(
    f"(?<![\u4e00-\u9fff])(?:{_SURNAME})(?:{_TITLES}){_NOT_TITLE}"
    f"|(?:{_SURNAME})(?:先生|女士|小姐|太太|老师|医生|经理|阿姨|师傅)"
)
_LABELS: Final = (
    "姓名 名字 称呼 收件人 收货人 联系人 寄件人 发件人 取件人 提货人 签收人 代收人 预约人 登记人"
    " 经办人 负责人 审核人 审批人 法定代表人 法人代表"
    " 授权代表 持卡人 投保人 被保险人 受益人 申请人 被申请人"
    " 当事人 原告 被告 上诉人 证人 见证人 报案人 投诉人 举报人 嫌疑人 受害人 死者 委托人 代理人"
    " 委托代理人 辩护人 担保人 借款人 贷款人 收款人 付款人 户名 户主 开户人 出租人 承租人 甲方 乙方"
    " 丙方 患者 病人 产妇 家属 护士 医师 主治医师 医生"
    " 家长 监护人 配偶 丈夫 妻子 儿子 女儿 父亲 母亲"
    " 长子 长女 学生 班主任 教师 作者 记者 编辑 译者 客户 会员 车主 司机 乘客 旅客 乘机人 入住人"
    " 主持 主持人 参会 参会人 出席 出席人 列席 记录 记录人 制表 制表人 填表人 复核 复核人 曾用名"
    " 责任护士"
    " 同住人 出卖人 买受人 被传唤人 承办人 执行人 被执行人 申诉人 失主 领取人 店长 讲师 主讲 主讲人"
    " 访客 受访人 业务员 快递员 骑手 客户经理 推荐人 介绍人 操作员 值班员 员工 用户 买家 卖家"
).split()
_LABEL: Final = "|".join(sorted(_LABELS, key=len, reverse=True))
_CALLED: Final = "名字叫|我叫|我是|名叫|叫做"
# With a colon a label says it outright: 预约人：宁静, though 宁静 is a word.
_DECLARED: Final = re.compile(
    f"(?:{_LABEL})(?:姓名|名称)?[）)\"'”]?[ \t]*[:：=][ \t\"'“]{{0,3}}"
    f"(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}})(?![\u4e00-\u9fff·])"
)
_IN_ROLE: Final = re.compile(  # 被保险人夏天，
    "(?:报案人|举报人|当事人|被告人|嫌疑人|投诉人|出卖人|买受人|投保人|被保险人|受益人|申请人|持卡人"
    "|收件人|收货人|联系人|担保人|借款人|法定代表人|委托代理人)"
    f"(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}})(?=[，,。；;、（(]|[称说犯]|涉嫌|供述|$)"
)
_ADDRESSED: Final = re.compile(  # 兹证明苗圃同志
    "(?:证明|聘请|聘任|通知|委托|邀请|批准|授权|关于|联系|感谢|同意|任命)"
    f"(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}})(?=先生|女士|同志)"
)
_LABELLED: Final = re.compile(
    f"(?:{_LABEL}|{_CALLED})(?:姓名|名称)?[\\s:：=\"'“”是为]{{0,4}}"
    f"(?P<name>{_SURNAME}[\u4e00-\u9fff]{{1,2}})(?![\u4e00-\u9fff·])"
)
_UNNAMED: Final = re.compile(f"(?:{_SURNAME})某{{1,2}}(?![人种些个件处地时日年月家])")
_ADDRESS: Final = ("先生", "女士", "太太")  # hardly anything else, whatever stands before
_LED_BY_TITLE: Final = re.compile(f"(?:{_SURNAME})(?:{_TITLES}){_NOT_TITLE}")
_AFTER_TITLE: Final = re.compile(f"(?:{_TITLES}){_NOT_TITLE}")
_BEFORE_LABEL: Final = re.compile(
    f"(?:{_LABEL}|{_CALLED})(?:姓名|名称)?[\\s:：=\"'“”是为]{{0,4}}$|[@＠]$"
)
_PEOPLES: Final = re.compile(
    ".+(?:语|国|族|杯|奖|战役|战争|革命|地区|大学|公司|集团|银行|风格|史诗)$"
)
_SPEAKERS: Final = frozenset("马来 高棉 白俄 毛南 景颇 黎凡 车臣 汤加 文莱".split())  # 马来语
_TROOPS: Final = re.compile(".{3,}(?:人|军|党)$")
_NO_PERSON: Final = re.compile(r"(.)\1{2,}|.{1,3}氏")  # 哈哈哈
# What follows a place and hardly a person: 托尔托萨主教, 库斯科奎姆河, 纽卡斯尔队
_AFTER_PLACE: Final = re.compile(
    "(?:主教|教区|城堡|古城|郡|河|湖|港口|群岛|半岛|山脉|海峡|盆地|高原|战役|王国|公国|共和国|首都|首府|机场"
    "|当地|境内|地区|以[东南西北]|[东南西北]部|州(?![长立])|省|市(?!长)|县(?!令)"
    "|庄园|运动场|教堂|星球|星系|语(?![文气重音调速言录])|方言|血统|神话"
    "|[级加]?号(?:[\u4e00-\u9fff]{0,2}(?:舰|艇|飞船|邮轮|货轮|客轮|航母)|[于在](?=[0-9])))"
)
_IS_PLACE: Final = re.compile(  # 洛恩是瑞士的城镇，
    "(?:（[^）]{0,30}）)?，?是(?:[^，。；]{1,16}的)?[^，。；的]{0,6}?"
    "(?:城镇|城市|市镇|村庄|小镇|港口|首都|首府|河流|岛屿|山脉|湖泊|国家|行政区|行政区划|星系|小行星)"
    "(?=[，。,；;]|$)"
)
_TO_PLACE: Final = re.compile(
    "(?:位于|抵达|到达|前往|途经|来自|迁至|移居|定居|出生于|效力于?|驻扎|首都|首府|距离|城市|小镇|市镇|省会)$"
)
_STORMED: Final = re.compile("(?:进攻|攻克|攻占|占领|进军|逃往|洗劫了?)$")
_OF_PERSONS: Final = re.compile(
    "说|表示|认为|指出|告诉|回忆|宣布|出生|逝世|去世|当选|获得|获奖|先生|教授|博士|的(?:父|母|妻|丈|儿|女|弟|哥|姐|妹)"
    "|夫妇|夫妻|两人|二人|本人|的(?:肖像|电影|著作|作品|小说|专辑|学说)|饰演|和(?:妻|丈|儿|女)|[（(]\\d{4}|·"
)
_TO_PERSON: Final = re.compile(
    "(?:总统|首相|总理|主席|部长|教授|博士|作家|导演|教练|前锋|后卫|中场|门将|球员|选手|队长|演员|歌手|学者"
    "|先生|女士|国王|皇帝|将军|上尉|上校|神父|侦探)$"
)
_HAN: Final = re.compile("[\u3400-\u9fff]+")
_LATIN_NAME: Final = re.compile(r"[A-Z][a-z'’.-]*(?: ?[A-Z][a-z'’.-]*){0,3}|[A-Z]{2,12}")
_LATIN_THING: Final = re.compile(
    "(?:River|Pier|Island|Street|Road|City|Hotel|Inn|University|College|Museum|Park|Bridge|Lake|Mount"
    "|Bay|Church|Avenue|Hall|Station|Quartet|Year|Center|Centre|Exception|Error|Studio|Records|Group"
    "|Inc|Ltd|Corp|Company)$|^The(?=[ A-Z])|[a-z ]of(?:the)?(?=[ A-Z])"
)
_SPECIES: Final = re.compile("(?:学名|拉丁语|拉丁文|英语|法语|德语)(?:为|是)?[:：]? ?$")
_WORK_BEFORE: Final = re.compile("》[（(]$")
_NAME_LENGTH: Final = 4
_STORY: Final = re.compile(
    "(?:[前后外正列]?[传記记]|传奇|传说|物语|外史|演义|之[一-鿿]{1,4}|[0-9]{1,2})?》"
)
_GOODS: Final = re.compile(
    "的?(?:新款|新品|跑鞋|篮球鞋|运动鞋|鞋|运动服|衣服|服装|男装|女装|手机|手环|电视|汽车|客服|官网|官方|旗舰|专卖"
    "|专柜|门店|店|之家|公司|集团|股份|品牌|牌|酒|干红|凉茶|方便面|泡面|辣酱|蚝油|剪刀|菜刀|挂面|珠宝|黄金|手链"
    "|项链|戒指|大礼包|礼包|股价|财报|系列|产品|代言|还是|和[一-鿿]{2,4}(?:哪个|相比|都|比)"
    # Goods and their number; a verb between them makes it a person's purchase.
    "|(?:(?![了拿买卖要寄说给取收送退换领订点])[一-鿿]){0,8}?[0-9一两三四五六七八九十半]+"
    "(?:箱|瓶|支|盒|件|袋|罐|双|包|条|斤|提|组|套|桶|只))"
)
_BOUGHT: Final = re.compile("(?:穿|买了?|喝|吃|入手|求购|代言|一[双件瓶条盒台部]|品牌)的?$")
# What shops and couriers write, younger than the list of words, with a surname before it.
_OF_TRADE: Final = frozenset(
    (
        "包邮 包税 包退 包换 包赔 包安装 满减 满赠 满返 单号 单品 单仓 应退 余票"
        " 余量 高配 全款 严选 关单 毛重 温控 冷链 祝好 盛惠 安装费 项目部 贝壳 贝联"
        " 易碎 易损 金卡 黄牛 水单 水印 车贴 车险 车位 万能 万用 党费 房费 储值"
        " 储值卡"
    ).split()
)
# Persons that the list of words holds: it has more of history and of novels than of news.
_LISTED_PERSONS: Final = frozenset(
    (
        "严义埙 刘澜涛 勾践 卓不凡 厉无畏 双儿 周作人 周恩来 孔融 屈原 左权 张佑才 文丑 文帝"
        " 文成公主 毕升 毛主席 江主席 林兆枢 池际尚 王导 王砾 甘地 董源 华筝 闻一多 陆游 顾准"
        " 顾源 高欢 查理 路易 关露 成帝 武大 方证大师 石帮主 范帮主"
    ).split()
)
_AMOUNT: Final = re.compile("[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]+")


class Names:
    """The judge of person mentions, by the classes of the Chinese lexicon."""

    def __init__(self, lexicon: Mapping[str, Sequence[str]]) -> None:
        """Words that no name is (w), countries (c), divisions (d), towns abroad (b), things (h).

        Things are clubs, makes, games; brands (r) are called like persons.
        """
        self._words: Final = _OF_TRADE.union(lexicon["w"]) - _LISTED_PERSONS
        # 金安 is a district and a name: a short name of a place yields where a surname begins it.
        self._places: Final = frozenset(lexicon["c"]).union(
            place
            for place in lexicon["d"]
            if place[0] not in SURNAMES or len(place) >= _NAME_LENGTH or place[-1] in "省市区县"
        )
        self._abroad: Final = frozenset(lexicon["b"])
        self._things: Final = frozenset(lexicon["h"])
        self._brands: Final = tuple(lexicon["r"])

    def refine(self, text: str, mentions: Sequence[Mention]) -> list[Mention]:
        """The mentions of (simplified) `text` with persons judged, trimmed and completed."""
        again = _surnames_again(text, mentions)
        judged = (item if item in again else self._judge(text, item) for item in mentions)
        kept = with_glosses(text, [mention for mention in judged if mention is not None])
        for found, declared in _certain(text):
            if not declared and text[found.start : found.end] in self._words:
                continue
            if self._is_brand(text, found):  # 康师傅牛肉面
                continue
            overlapping = [old for old in kept if old.start < found.end and found.start < old.end]
            if declared or all(old.kind is Kind.PERSON for old in overlapping):
                persons = [old for old in overlapping if old.kind is Kind.PERSON]
                start = min([found.start, *(old.start for old in persons)])
                end = max([found.end, *(old.end for old in persons)])
                kept = [old for old in kept if old not in overlapping]
                kept.append(Mention(start, end, Kind.PERSON, 0.9))
        return sorted(kept)

    def _judge(self, text: str, mention: Mention) -> Mention | None:
        if mention.kind is not Kind.PERSON:
            return mention
        if end := _titled_end(text, mention):
            return Mention(mention.start, end, Kind.PERSON, 0.9)
        kind = self._kind(text, mention)
        return None if kind is None else replace(mention, kind=kind)

    def _kind(self, text: str, mention: Mention) -> Kind | None:
        """What a word is that the tagger took for a person."""
        word = text[mention.start : mention.end]
        before = text[max(mention.start - 12, 0) : mention.start]
        if self._is_brand(text, mention):
            return Kind.ORGANIZATION
        if _BEFORE_LABEL.search(before):
            return Kind.PERSON
        if word.removesuffix("的") in self._things:
            return Kind.ORGANIZATION
        if word[0].isascii() and _WORK_BEFORE.search(before):  # 《最后一片叶子》（The Last Leaf）
            return None
        if word in self._places or self._is_abroad(text, mention):
            return Kind.PLACE
        named = self._plausible(word) and not _is_story(text, mention)
        return Kind.PERSON if named and not _SPECIES.search(before) else None

    def _is_brand(self, text: str, mention: Mention) -> bool:
        """Whether a brand begins the word and goods, a shop or somebody's purchase stand by it."""
        word = text[mention.start : mention.end]
        brand = next((name for name in self._brands if word.startswith(name)), "")
        if not brand:
            return False
        before = text[max(mention.start - 4, 0) : mention.start]
        return bool(_GOODS.match(text, mention.start + len(brand)) or _BOUGHT.search(before))

    def _is_abroad(self, text: str, mention: Mention) -> bool:
        """Whether the words around a foreign name, or a list of towns, tell a place."""
        word = text[mention.start : mention.end]
        before = text[max(mention.start - 4, 0) : mention.start]
        if "·" in word or before.endswith("·") or _OF_PERSONS.match(text, mention.end):
            return False
        if word in self._abroad:
            return _TO_PERSON.search(before) is None
        told = _IS_PLACE.match(text, mention.end) or _STORMED.search(before)
        if told or self._is_named(word):
            return bool(told)
        return bool(_AFTER_PLACE.match(text, mention.end) or _TO_PLACE.search(before))

    @staticmethod
    def _is_named(word: str) -> bool:
        """Whether a Chinese surname begins it."""
        return word[0] in SURNAMES or word[:2] in COMPOUND

    def _is_patriot(self, word: str) -> bool:
        """Whether it is a name like 李建国 or 林诗语: two characters behind a surname."""
        surname = 2 if word[:2] in COMPOUND else 1
        stem = word[:-1]
        listed = stem in self._words or stem in self._places or stem in _SPEAKERS
        return (
            self._is_named(word) and len(word) == surname + 2 and word[-1] in "国语" and not listed
        )

    def _plausible(self, word: str) -> bool:
        if not _HAN.search(word):
            return _LATIN_NAME.fullmatch(word) is not None and not _LATIN_THING.search(word)
        if len(word) == 1 or word in self._words or _AMOUNT.fullmatch(word):
            return False
        if _PEOPLES.fullmatch(word):
            return self._is_patriot(word)
        if _NO_PERSON.fullmatch(word) and not self._is_named(word):
            return False
        return not _TROOPS.fullmatch(word) or (self._is_named(word) and len(word) < _NAME_LENGTH)


def _surnames_again(text: str, mentions: Sequence[Mention]) -> set[Mention]:
    """Lone surnames of persons that the text names in full, too: 毛邦初 ... 毛."""
    persons = [item for item in mentions if item.kind is Kind.PERSON]
    full = {text[item.start] for item in persons if 1 < item.end - item.start <= _NAME_LENGTH}
    return {
        item
        for item in persons
        if item.end - item.start == 1 and text[item.start] in SURNAMES & full
    }


def _is_story(text: str, mention: Mention) -> bool:
    """Whether a book, film or game is called so: the name, or a story of it, is all of 《》."""
    if text[mention.start - 1 : mention.start] != "《":
        return False
    return _STORY.match(text, mention.end) is not None


def _titled_end(text: str, mention: Mention) -> int:
    """Where the title ends that leads or follows a name: 王女士 of 王女士您好; 0 without one."""
    if titled := _LED_BY_TITLE.match(text[mention.start : mention.end]):
        return mention.start + titled.end()
    title = _AFTER_TITLE.match(text, mention.end)
    return title.end() if title else 0


def _certain(text: str) -> Iterator[tuple[Mention, bool]]:
    """Persons that a title or a label says, and whether nothing else can be meant."""
    for match in _TITLED.finditer(text):
        yield Mention(*match.span(), Kind.PERSON, 0.9), match[0].endswith(_ADDRESS)
    for match in _UNNAMED.finditer(text):
        yield Mention(*match.span(), Kind.PERSON, 0.9), True
    for declared in (_DECLARED, _IN_ROLE, _ADDRESSED):
        for match in declared.finditer(text):
            yield Mention(*match.span("name"), Kind.PERSON, 0.9), True
    for match in _LABELLED.finditer(text):
        yield Mention(*match.span("name"), Kind.PERSON, 0.9), False
