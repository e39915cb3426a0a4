"""Fillers of Chinese templates: names, addresses and organizations from short lists."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.training import regions
from classifiers.text.zh.surnames import SURNAMES

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾"
    "龚邵万覃武钱戴严莫孔向常汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳"
    "甘祝包宁符阮纪梅童凌毕单季成霍涂谷曲苗盛洪冉蓝翁路游辛靳管柯卜鲍华臧阎裴"
)
_GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文志国海燕春梅晓东峰鑫宇浩然子轩"
    "梓涵欣怡雨嘉思佳俊凯博睿泽天一诺晨曦若彤雪婷琳璐莹颖慧倩蕾薇瑶萱钰琪淑珍凤琴云莲真环爱妹"
    "香月莺媛瑞凡飞鹏辉亮斌彬波林森宁安康乐永庆祥福贵和顺成才发武新利清毅力全胜学信义仁德智礼"
    "良忠孝廉正直坚定恒振兴邦家业承宗耀祖光绍先启后继世"
)
_RARE: Final = sorted(SURNAMES)
_PROVINCES: Final = (
    "北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省"
    " 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省"
    " 云南省 陕西省 甘肃省 青海省 内蒙古自治区 广西壮族自治区 西藏自治区"
    " 宁夏回族自治区 新疆维吾尔自治区"
).split()
_CITIES: Final = (
    "石家庄 唐山 太原 大同 沈阳 大连 长春 吉林 哈尔滨 齐齐哈尔 南京 无锡 徐州"
    " 苏州 杭州 宁波 温州 嘉兴 合肥 芜湖 福州 厦门 泉州 南昌 赣州 济南 青岛"
    " 烟台 潍坊 郑州 洛阳 开封 武汉 宜昌 襄阳 长沙 株洲 衡阳 广州 深圳 珠海"
    " 佛山 东莞 海口 三亚 成都 绵阳 德阳 贵阳 遵义 昆明 大理 西安 咸阳 兰州"
    " 天水 西宁 呼和浩特 包头 南宁 桂林 拉萨 银川 乌鲁木齐 喀什"
).split()
_DISTRICTS: Final = (
    "朝阳区 海淀区 西城区 浦东新区 徐汇区 静安区 天河区 越秀区 南山区 福田区 宝安区"
    " 江宁区 鼓楼区 玄武区 西湖区 余杭区 滨江区 武侯区 锦江区 青羊区 江岸区 洪山区"
    " 岳麓区 雨花区 历下区 市南区 崂山区 雁塔区 碑林区 渝北区 沙坪坝区 和平区"
    " 铁西区 道里区 南岗区 蜀山区 思明区 湖里区 长清区 武进区 虎丘区 桐庐县 安吉县"
    " 长兴县 凤凰县 平潭县 德清县 惠安县"
).split()
_ROADS: Final = (
    "人民 解放 中山 建设 和平 新华 长江 黄河 文化 科技 创业 学院 滨河 迎宾 朝阳"
    " 东风 胜利 青年 园林 凤起 天目山 望京 中关村 上地 金融 世纪 张江 科苑 深南"
    " 龙华 宝安 梅林 福华 滨海 金桥 延安 淮海 南京 北京 桃园 翠竹 红荔 香蜜湖"
).split()
_ESTATES: Final = (
    "阳光花园 金色家园 翡翠城 万科城 碧桂园 保利香槟 锦绣华庭 书香名邸 怡景苑"
    " 滨江一号 天鹅湾 紫金公寓 幸福里 龙湖源著 绿地中央广场 中海国际社区 恒大名都"
    " 银泰城 科技大厦 国贸中心 环球金融中心 创新产业园"
).split()
_BRANDS: Final = (
    "腾飞 华信 中科 东方 天宇 鼎盛 恒通 嘉和 博远 瑞丰 金源 众诚 联创 云帆 星海"
    " 卓越 万达 泰康 新东 海纳 启明 浩瀚 宏图 百盛 远景 德信 汇通 长城 同方"
    " 凯旋 正泰 三一 京东 蓝光"
).split()
_TRADES: Final = (
    "科技 信息技术 网络科技 电子商务 贸易 物流 实业 生物医药 文化传媒 教育咨询"
    " 建筑工程 机械制造 金融信息服务 软件 新能源 供应链管理 人力资源 餐饮管理"
).split()
_COMPOUND: Final = "欧阳 上官 司马 诸葛 皇甫 慕容 尉迟 司徒 东方 令狐 夏侯 公孙 宇文 长孙".split()
_KINDS: Final = "有限公司 股份有限公司 有限责任公司 集团 公司 集团有限公司".split()
_INSTITUTIONS: Final = (
    "{c}市第{k}人民医院 {c}大学 {c}市{d}公安分局 中国{b}银行{c}分行 {c}市{d}人民法院 {c}第{k}中学"
    " {c}海关 {c}市人力资源和社会保障局 {c}师范大学附属中学"
).split()
_BANKS: Final = "工商 建设 农业 招商 民生".split()
_TITLES: Final = (
    "先生 先生 女士 女士 小姐 老师 老师 总 总 经理 医生 主任 师傅 阿姨 叔叔 哥 姐 局长 同学 教授"
    " 律师 董 工 处长 院长 校长 奶奶 爷爷 大爷 大姐 大哥 护士 警官 法官 科长 书记 教练 导师 老板"
    " 某 某某"
).split()
_ROAD_KINDS: Final = "路 大道 街 东路 西路 南街 北路 三路".split()
_DOORS: Final = "{}号楼{}单元{}室 {}栋{}单元{} {}幢{}-{} {}座{}层{}室 {}期{}栋{}室".split()
_WORDS: Final = (
    "报告 合同 发票 资料 方案 订单 退款 优惠 活动 质量 客服 物流 系统 商品 功能 时间 问题 服务 高兴"
    " 包装 尺码 颜色 明天 会员 任何 安全 平台 马上 方便 黄金 白天 江南 金额 石头 华为 小米 苹果"
    " 高铁 严重 何况 连续 石油 钢铁 水果 雷电 温度 时代 方程 常识 平均 成本 全部 终于 关于 于是"
    " 路程 包裹"
).split()


class ChineseFillers:
    """One letter -> a made-up value; fillers of the other half are avoided."""

    def __init__(self, source: random.Random, allowed: Callable[[str], bool]) -> None:
        """`allowed` tells the half."""
        self._random: Final = source
        self._allowed: Final = allowed
        self._slots: Final = {
            "P": self._person, "A": self._address, "L": self._place, "O": self._organization,
            "C": self._organization, "T": self._phone, "W": lambda: source.choice(_WORDS),
            "I": lambda: self._digits(17) + source.choice("0123456789X"),
            "K": lambda: "6222" + self._digits(15), "N": lambda: str(source.randint(1, 9999)),
            "M": self._mail, "D": self._date, "G": self._nickname, "F": self._foreigner,
            "X": self._neighbour, "R": self._romanised, "E": lambda: self._own("english"),
            "S": self._titled, "Z": lambda: source.choice(_SURNAMES),
        }  # fmt: skip

    def fill(self, slot: str) -> str:
        """A value for a slot."""
        return self._slots[slot]()

    def _pick(self, words: Sequence[str]) -> str:
        few = self._random.sample(list(words), min(len(words), 12))
        return self._random.choice([word for word in few if self._allowed(word)] or few)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _digits(self, count: int) -> str:
        return "".join(self._random.choice("0123456789") for _ in range(count))

    def _date(self) -> str:
        source = self._random
        year, month, day = source.randint(1960, 2024), source.randint(1, 12), source.randint(1, 28)
        return f"{year}年{month}月{day}日"

    def _phone(self) -> str:
        return "1" + self._random.choice("3456789") + self._digits(9)

    def _own(self, kind: str) -> str:
        return self._random.choice(regions.region("zh")[kind])

    def _mail(self) -> str:
        return f"user{self._digits(4)}@example.com"

    def _surname(self) -> str:
        share = self._random.random()
        if share < 0.03:
            return self._random.choice(_COMPOUND)
        if share < 0.1:
            return self._random.choice(_RARE)
        return self._random.choice(_SURNAMES[:60] if share < 0.5 else _SURNAMES)

    def _titled(self) -> str:
        return self._surname() + self._random.choice(_TITLES)

    def _nickname(self) -> str:
        share = self._random.random()
        if share < 0.4:
            return self._own("nicknames")
        if share < 0.55:
            return self._random.choice("小老阿大") + self._random.choice(_SURNAMES)
        if share < 0.65:
            return self._titled()
        if share < 0.75:
            return self._own("english")
        return self._full_name() if share < 0.85 else self._given(two=True)

    def _foreigner(self) -> str:
        share = self._random.random()
        if share < 0.3:
            return self._own("foreign_family")
        if share < 0.4:
            return self._own("foreign_single")
        if share < 0.5:
            return self._own("foreign_given")
        dot = "·" if share < 0.97 else " "
        names = [self._own("foreign_given"), self._own("foreign_family")]
        if share > 0.85:
            names.insert(1, self._own("foreign_given"))
        return dot.join(names)

    def _neighbour(self) -> str:
        share = self._random.random()
        if share < 0.55:
            given = self._own("japanese_given") if share < 0.45 else ""
            return self._own("japanese_family") + given
        if share < 0.8:
            return self._own("korean_family") + self._own("korean_given")
        return self._own("minority")

    def _romanised(self) -> str:
        share = self._random.random()
        if share < 0.3:
            return (
                f"{self._own('english')} {regions.family_name('chinese_romanised', self._random)}"
            )
        kinds = ("chinese_romanised", "chinese_romanised", "malay", "indian", "european")
        name = regions.person(self._random.choice(kinds), self._random)
        return name.upper() if share > 0.92 else name

    def _given(self, *, two: bool) -> str:
        return "".join(self._random.choice(_GIVEN) for _ in range(1 + two))

    def _person(self) -> str:
        share = self._random.random()
        if share < 0.03:
            return self._foreigner()
        if share < 0.05:
            return self._neighbour()
        if share < 0.12:
            return self._titled()
        if share < 0.15:
            return self._random.choice("小老阿") + self._surname()
        if share < 0.17:
            return self._surname() + self._random.choice(["某", "某某"])
        return self._full_name()

    def _full_name(self) -> str:
        while True:
            name = self._surname() + self._given(two=self._chance(0.78))
            if self._allowed(name):
                return name

    def _organization(self) -> str:
        source = self._random
        if self._chance(0.35):
            return source.choice(_INSTITUTIONS).format(
                c=self._pick(_CITIES), d=self._pick(_DISTRICTS),
                k=source.choice("一二三四五六"), b=source.choice(_BANKS),
            )  # fmt: skip
        city = self._pick(_CITIES) if self._chance(0.7) else ""
        return city + self._pick(_BRANDS) + self._pick(_TRADES) + source.choice(_KINDS)

    def _place(self) -> str:
        share = self._random.random()
        if self._chance(0.45):
            return self._own("foreign_places")
        if share < 0.7:
            return self._pick(_CITIES) + ("市" if share < 0.3 else "")
        return (
            self._pick(_PROVINCES) if share < 0.85 else self._pick(_CITIES) + self._pick(_DISTRICTS)
        )

    def _address(self) -> str:
        source = self._random
        road = self._pick(_ROADS)
        if self._chance(0.75):
            road += source.choice(_ROAD_KINDS) + (
                f"{source.randint(1, 999)}号" if self._chance(0.9) else ""
            )
        else:
            road = (
                source.choice(["", road + "街道", road + "镇"])
                + self._pick(_ROADS)
                + source.choice("村 社区".split())
            )
        estate = self._pick(_ESTATES) if self._chance(0.6) else ""
        door = source.choice(_DOORS).format(
            source.randint(1, 30), source.randint(1, 9), source.randint(101, 2808)
        )
        if self._chance(0.12):
            return self._spot()
        return self._region() + road + estate + (door if self._chance(0.6) else "")

    def _spot(self) -> str:
        """Where parcels go that no house number tells."""
        source = self._random
        number, room = source.randint(1, 30), source.randint(101, 630)
        road, estate = self._pick(_ROADS), self._pick(_ESTATES)
        spots = [
            f"{road}村{number}组{room}号",
            f"{road}镇{self._pick(_ROADS)}村{number}队",
            f"{self._pick(_CITIES)}大学{number}号宿舍楼{room}",
            f"{estate}菜鸟驿站",
            f"{estate}{number}号门旁快递柜",
            f"{road}工业园{number}栋",
            f"{road}胡同{number}号院3门{room}",
            f"{road}路{room}弄{number}号{room}室",
        ]
        return self._region() + source.choice(spots)

    def _region(self) -> str:
        province = self._pick(_PROVINCES)
        region = province if self._chance(0.5) else ""
        if not province.endswith("市"):
            region += self._pick(_CITIES) + ("市" if self._chance(0.85) else "")
        elif not region:
            region = province if self._chance(0.7) else province[:-1]
        return (region if self._chance(0.9) else "") + self._pick(_DISTRICTS)
