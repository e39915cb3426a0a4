"""Chinese names, titles and addresses, simplified and traditional."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from classifiers.text.address import is_address
from classifiers.text.engines import default_engines
from classifiers.text.model import Kind
from classifiers.text.zh.address import Addresses

ENGINE = default_engines()["zh"]


def named(text: str, kind: Kind = Kind.PERSON) -> list[str]:
    """The names of a kind that the engine finds."""
    (mentions,) = ENGINE.mentions([text])
    return [text[item.start : item.end] for item in mentions if item.kind is kind]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("王女士说李总明天来", ["王女士", "李总"]),
        ("张总好，麻烦发给陈经理", ["张总", "陈经理"]),
        ("高先生要退款", ["高先生"]),
        ("王总监来了", ["王总监"]),
        ("小王和老李去吃饭，阿强也来", ["小王", "老李", "阿强"]),
        ("请联系欧阳娜娜或者司马光", ["欧阳娜娜", "司马光"]),
        ("联系人：谷雨，电话见附件", ["谷雨"]),
        ("陳小姐您好，林先生的訂單已出貨", ["陳小姐", "林先生"]),
        ("新疆的阿卜杜拉·买买提来了", ["阿卜杜拉·买买提"]),
        ("请 Kevin Wang 回电", ["Kevin Wang"]),
        ("@李雷 看看", ["李雷"]),
        ("预约人：宁静 电话见附件", ["宁静"]),
        ("甲方（出租人）：卞学文    乙方（承租人）：凌志", ["卞学文", "凌志"]),
        ("被保险人夏天，受益人夏知秋", ["夏天", "夏知秋"]),
        ("嫌疑人区某和黎某某在逃", ["区某", "黎某某"]),
        ("张三", ["张三"]),
        ("报案人雷鸣称手机被抢", ["雷鸣"]),
        ("会议记录：温馨", ["温馨"]),
        ("兹证明苗圃同志在我司任职", ["苗圃"]),
        ("李宁和儿子来退鞋", ["李宁"]),
        ("重庆市民江先生来电", ["江先生"]),
        ("请戚女士回电", ["戚女士"]),
        ("被告人麻小军犯盗窃罪", ["麻小军"]),
        ("李宁买了两双鞋", ["李宁"]),
        ("请转给李建国处理，林诗语不在", ["李建国", "林诗语"]),
        ("他跟周恩来说过", ["周恩来"]),
        ("毛振邦先到，毛强调合同必须先签", ["毛振邦", "毛"]),
        ("雅克布·兰姆（Jacob Lamb）来访", ["雅克布·兰姆", "Jacob Lamb"]),
        ("华星（Kevin Zhang）说明天发货", ["Kevin Zhang"]),
        ("王伟（Manager）已经确认", ["王伟"]),
    ],
)
def test_persons(text: str, want: list[str]) -> None:
    """Full names, titles, nicknames, romanised names, in notes and chat."""
    assert named(text) == want


@pytest.mark.parametrize(
    "text",
    [
        "他高兴地说明天去黄山",
        "高工资，周到的服务",
        "被保险人关系 配偶",
        "已发货，方便的话请尽快确认",
        "金针菇、白菜、方便面各一份",
        "任何时候都可以退换",
        "苏利南和斐济的气候",
        "康科尔维（Concorvy）是加拿大的小镇，人口三千",
        "距离塞德恰尼15公里",
        "军队进攻霍尔斯",
        "他会说马来语",
        "客户从《最后一片常青藤》（Evergreen Leaf）里抄了一段",
        "周一到周五上班",
        "安全第一，温馨提示",
        "哈哈哈哈哈笑死我了",
        "刚入手李宁的新款跑鞋",
        "康师傅红茶两箱",
        "张裕红酒6支",
        "白金会员包邮",
        "会员满减",
        "张裕干红和长城干红哪个好喝？",
        "你好，我是小米的客服",
        "特斯拉和马自达今天降价",
        "中场转会尤文图斯，转会费为零",
        "小时候玩过《曹操传》",
        "今借到人民币伍万元整",
        "白衣女士们坚持着",
        "客户高兴，用户成功登录",
        "乙方：高级会员",
        "他被任命为托尔托萨主教",
        "这种松树（学名：Pinus armandii）很高",
    ],
)
def test_what_only_looks_like_a_person(text: str) -> None:
    """Words that begin with a surname are words."""
    assert named(text) == []


@pytest.mark.parametrize(
    "address",
    [
        "上海市浦东新区世纪大道100号",
        "浙江省杭州市西湖区文三路259号昌地火炬大厦1号楼17层1701室",
        "北京市朝阳区望京街道阜通东大街6号院3号楼2单元501",
        "凤起路120号3幢",
        "台北市信義區市府路45號12樓",
        "广东省深圳市南山区科苑南路2666号",
        "莲塘村8队祠堂旁边小卖部",
        "成都市武侯区人民南路四段9号",
    ],
)
def test_addresses_are_found_whole(address: str) -> None:
    """From the first division to the door, in a sentence."""
    places = named(f"寄到{address}，谢谢", Kind.PLACE)
    assert any(place.endswith(address) or address in place for place in places)
    assert all(is_address(place) for place in places if place in address)


@pytest.mark.parametrize("place", ["上海", "广东省", "朝阳区", "中国"])
def test_a_place_is_no_address(place: str) -> None:
    """A division points at nobody."""
    assert not is_address(place)


def test_a_company_is_no_person() -> None:
    """Organizations are told apart from the persons in them."""
    text = "我在杭州海纳网络科技有限公司上班"
    assert named(text) == []
    assert named(text, Kind.ORGANIZATION) == ["杭州海纳网络科技有限公司"]


def test_batches_do_not_change_answers() -> None:
    """A text is read the same alone and among others of other lengths."""
    texts = ["张三丰在上海", "你好" * 60, "请联系欧阳娜娜或者司马光，谢谢", "王女士"]
    assert ENGINE.mentions(texts) == [ENGINE.mentions([text])[0] for text in texts]


@settings(max_examples=60)
@given(st.text(st.sampled_from("张王三李上海市路1号栋室A a,，。先生的"), max_size=120))
def test_mentions_lie_in_the_text_and_apart(text: str) -> None:
    """Whatever the text, spans are ordered, not empty and do not overlap."""
    (mentions,) = ENGINE.mentions([text])
    at = 0
    for mention in mentions:
        assert at <= mention.start < mention.end <= len(text)
        at = mention.end


def test_an_address_search_is_linear() -> None:
    """Repeats of address parts do not blow up."""
    addresses = Addresses(["上海市"])
    assert addresses.find("上海市" + "路" * 20_000, []) == []
    assert addresses.find("上海市" + "一" * 20_000, []) == []


def test_the_engine_keeps_to_one_thread() -> None:
    """BLAS threads that wait for each other would cost more than the work."""
    ENGINE.mentions(["张三"])
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert {pool["num_threads"] for pool in pools} <= {1}
