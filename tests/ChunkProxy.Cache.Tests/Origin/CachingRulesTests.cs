using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using static ChunkProxy.Cache.Tests.Origin.OriginRules;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>The tables of docs/http.md: which responses are shareable, their freshness lifetime, and their age.</summary>
public sealed class CachingRulesTests
{
    private const string ETag = "ETag: \"v1\"";

    private static readonly CachingRules Rules = Create();

    public static TheoryData<string, string[], double> Lifetimes => new()
    {
        // RFC 9111 §4.2.1, in this order
        { "s-maxage before max-age", ["Cache-Control: max-age=60, s-maxage=600"], 600 },
        { "a short s-maxage too", ["Cache-Control: s-maxage=6", "Cache-Control: max-age=600"], 6 },
        { "max-age before Expires", ["Cache-Control: max-age=60", $"Date: {At(0)}", $"Expires: {At(600)}"], 60 },
        { "max-age=0 too", ["Cache-Control: max-age=0", $"Date: {At(0)}", $"Expires: {At(600)}"], 0 },
        { "Expires less Date", [$"Date: {At(0)}", $"Expires: {At(600)}"], 600 },
        { "Expires without Date", [$"Expires: {At(600)}"], 600 },
        { "Expires with a bad Date", ["Date: yesterday", $"Expires: {At(600)}"], 600 },
        { "Expires in the past", [$"Date: {At(0)}", $"Expires: {At(-600)}"], 0 },
        { "Expires that is no date", ["Expires: 0", $"Last-Modified: {At(-86400)}"], 0 },
        { "Expires on two lines", [$"Expires: {At(600)}", $"Expires: {At(900)}"], 0 },
        { "Expires before a fast Date", [$"Date: {At(900)}", $"Expires: {At(600)}"], 0 },
        { "RFC 850 Expires", ["Expires: Monday, 30-Nov-26 12:10:00 GMT"], 600 },
        { "asctime Expires", ["Expires: Mon Nov 30 12:10:00 2026"], 600 },

        // §4.2.2
        { "a tenth of the age", [$"Date: {At(0)}", $"Last-Modified: {At(-6000)}"], 600 },
        { "at most a day", [$"Date: {At(0)}", "Last-Modified: Sun, 30 Nov 2025 12:00:00 GMT"], 86400 },
        { "a live playlist", [$"Date: {At(0)}", $"Last-Modified: {At(-4)}"], 0.4 },
        { "modified in the future", [$"Date: {At(0)}", $"Last-Modified: {At(60)}"], 0 },
        { "an entity tag alone", [ETag], 0 },

        // RFC 9111 §5.2.2.4, RFC 8246 §2
        { "no-cache", ["Cache-Control: max-age=600, no-cache"], 0 },
        { "immutable does not prolong", ["Cache-Control: immutable, max-age=60"], 60 },
        { "immutable alone says nothing", ["Cache-Control: immutable", ETag], 0 },

        // RFC 9213
        { "CDN-Cache-Control first", ["Cache-Control: max-age=60", "CDN-Cache-Control: max-age=600"], 600 },
        { "and instead of Expires", ["CDN-Cache-Control: max-age=600", "Expires: 0"], 600 },
        { "the stricter of both if it is damaged", ["Cache-Control: max-age=60", "CDN-Cache-Control: max-age=600, &&&&&"], 60 },
        { "without a known directive it is none", ["Cache-Control: max-age=60", "CDN-Cache-Control: foo"], 60 },
    };

    [Theory]
    [MemberData(nameof(Lifetimes))]
    public void Decide_Lifetime_IsOfTheFirstThatSaysOne(string what, string[] lines, double seconds)
    {
        var decision = Rules.DecideOn(lines);
        Assert.True(TimeSpan.FromSeconds(seconds) == decision.FreshUntil - decision.GeneratedAt, $"{what}: {decision.FreshUntil - decision.GeneratedAt}");
    }

    public static TheoryData<string, string[], double> Ages => new()
    {
        { "nothing said", [], 0 },
        { "Age", ["Age: 30"], 30 },
        { "apparent age", [$"Date: {At(-100)}"], 100 },
        { "the larger of both", [$"Date: {At(-100)}", "Age: 30"], 100 },
        { "a clock that is fast", [$"Date: {At(100)}", "Age: 30"], 30 },
        { "a negative number", ["Age: -7200"], 0 },
        { "no number", ["Age: abc"], 0 },
        { "a fraction", ["Age: 7200.0"], 0 },
        { "the first of a list", ["Age: 0, 7200"], 0 },
        { "the first that is a number", ["Age: old", "Age: 7200"], 7200 },
        { "2^31", ["Age: 2147483648"], 2147483648 },
        { "more than 2^31", ["Age: 99999999999999999999"], 2147483648 },
        { "a date long ago", ["Date: Thu, 01 Jan 1920 00:00:00 GMT"], 2147483648 },
    };

    [Theory]
    [MemberData(nameof(Ages))]
    public void Decide_Age_IsTheCorrectedInitialAge(string what, string[] lines, double seconds) =>
        Assert.True(TimeSpan.FromSeconds(seconds) == Noon - Rules.DecideOn(lines).GeneratedAt, $"{what}: {Noon - Rules.DecideOn(lines).GeneratedAt}");

    [Fact]
    public void Decide_AnswerThatTookLong_IsThatMuchOlder() =>
        Assert.Equal(
            Noon.AddSeconds(-35), Rules.Decide(FieldsOf("Age: 30"), RequestFields.None, Noon, TimeSpan.FromSeconds(5)).GeneratedAt);

    public static TheoryData<string, string[], double> AgesAfterFiveSeconds => new()
    {
        { "no date", [], 5 },
        { "held back until now", [$"Date: {At(0)}"], 0 },
        { "generated during the request", [$"Date: {At(-2)}"], 2 },
        { "generated before the request", [$"Date: {At(-7)}"], 7 },
        { "a clock that is a second fast", [$"Date: {At(1)}"], 0 },
        { "a clock that is wrong", [$"Date: {At(100)}"], 5 },
        { "from a cache", [$"Date: {At(-40)}", "Age: 38"], 43 },
    };

    [Theory]
    [MemberData(nameof(AgesAfterFiveSeconds))]
    public void Decide_OriginAnswersAfterFiveSeconds_TimeBeforeItsDateIsNoAge(string what, string[] lines, double seconds)
    {
        var age = Noon - Rules.Decide(FieldsOf(lines), RequestFields.None, Noon, TimeSpan.FromSeconds(5)).GeneratedAt;

        Assert.True(TimeSpan.FromSeconds(seconds) == age, $"{what}: {age}");
    }

    [Fact]
    public void Decide_DateIsRoundedDown_FractionOfASecondIsNoAge()
    {
        var received = Noon.AddSeconds(0.9);
        var delay = TimeSpan.FromSeconds(0.01);

        Assert.Equal(delay, received - Rules.Decide(FieldsOf($"Date: {At(0)}"), RequestFields.None, received, delay).GeneratedAt);
        Assert.Equal(TimeSpan.FromSeconds(1.9), received - Rules.Decide(FieldsOf($"Date: {At(-1)}"), RequestFields.None, received, delay).GeneratedAt);
    }

    public static TheoryData<string[], string> Verdicts => new()
    {
        { [ETag], nameof(StoringVerdict.Shareable) },
        { [ETag, "Cache-Control: private, max-age=600"], nameof(StoringVerdict.Private) },
        { [ETag, "Cache-Control: public", "Cache-Control: private"], nameof(StoringVerdict.Private) },
        { [ETag, "Cache-Control: no-store, max-age=-1"], nameof(StoringVerdict.NoStore) },
        { [ETag, "Cache-Control: private=\"x-user\""], nameof(StoringVerdict.Shareable) },
        { [ETag, "CDN-Cache-Control: private", "Cache-Control: max-age=600"], nameof(StoringVerdict.Private) },
        { [ETag, "CDN-Cache-Control: max-age=600", "Cache-Control: no-store"], nameof(StoringVerdict.Shareable) },
        { [ETag, "CDN-Cache-Control: max-age=600, &&&&&", "Cache-Control: no-store"], nameof(StoringVerdict.NoStore) },
        { [ETag, "CDN-Cache-Control: max-age=\"600\"", "Cache-Control: no-store"], nameof(StoringVerdict.NoStore) },
        { [ETag, "Vary: *"], nameof(StoringVerdict.VariesOnEverything) },
        { [ETag, "Vary: Foo, *"], nameof(StoringVerdict.VariesOnEverything) },
        { [ETag, "Vary: Foo", "Vary: , *"], nameof(StoringVerdict.VariesOnEverything) },
        { [ETag, "Vary: *; Foo"], nameof(StoringVerdict.VariesOnEverything) },
        { [ETag, "Vary: Accept-Encoding"], nameof(StoringVerdict.Shareable) },
        { [ETag, "Set-Cookie: a=b", "Cache-Control: max-age=600"], nameof(StoringVerdict.SetsCookie) },
        { [ETag, "Set-Cookie: a=b", "Cache-Control: private=\"set-cookie\""], nameof(StoringVerdict.Shareable) },
        { [ETag, "Content-Encoding: br"], nameof(StoringVerdict.Shareable) },
        { [], nameof(StoringVerdict.NeverReusable) },
        { ["Cache-Control: max-age=600"], nameof(StoringVerdict.Shareable) },
        { ["Cache-Control: max-age=600", "Age: 7200"], nameof(StoringVerdict.NeverReusable) },
        { ["Last-Modified: yesterday"], nameof(StoringVerdict.NeverReusable) },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Decide_Verdict_IsOfWhatLimitsSharing(string[] lines, string expected) => Assert.Equal(expected, Rules.DecideOn(lines).Verdict.ToString());

    [Theory]
    [InlineData("max-age=600", false)]
    [InlineData("max-age=600, public", true)]
    [InlineData("max-age=600, must-revalidate", true)]
    [InlineData("s-maxage=600", true)]
    [InlineData("max-age=600, x=\", public\"", false)]
    public void Decide_RequestHadCredentials_IsSharedOnlyWhereItSaysSo(string cacheControl, bool isShared)
    {
        foreach (var name in (string[])["Authorization", "Cookie"])
        {
            var decision = Rules.Decide(FieldsOf(ETag, $"Cache-Control: {cacheControl}"), new RequestFields([new(name, "secret")]), Noon, TimeSpan.Zero);
            Assert.Equal(isShared ? StoringVerdict.Shareable : StoringVerdict.ForOneUser, decision.Verdict);
        }
    }

    [Fact]
    public void Decide_CookiesAreToBeDropped_IsShareableWithoutThem()
    {
        var decision = Create(origin: new OriginOptions { SetCookie = SetCookiePolicy.Drop }).DecideOn(ETag, "Set-Cookie: a=b");
        Assert.Equal(StoringVerdict.Shareable, decision.Verdict);
    }

    [Theory]
    [InlineData("max-age=60", 0, 7 * 86400)]
    [InlineData("max-age=60, stale-if-error=30", 0, 30)]
    [InlineData("max-age=60, stale-if-error=x", 0, 0)]
    [InlineData("max-age=60, stale-while-revalidate=30", 30, 7 * 86400)]
    [InlineData("max-age=60, stale-while-revalidate=30, stale-if-error=20, must-revalidate", 0, 0)]
    [InlineData("max-age=60, proxy-revalidate", 0, 0)]
    [InlineData("s-maxage=60", 0, 0)]
    [InlineData("no-cache, stale-if-error=30", 0, 0)]
    public void Decide_Stale_IsServedAsLongAsTheOriginAllows(string cacheControl, double whileRevalidating, double onError)
    {
        var decision = Rules.DecideOn(ETag, $"Cache-Control: {cacheControl}");
        Assert.Equal(
            (TimeSpan.FromSeconds(whileRevalidating), TimeSpan.FromSeconds(onError)),
            (decision.StaleWhileRevalidateUntil - decision.FreshUntil, decision.StaleIfErrorUntil - decision.FreshUntil));
    }

    [Fact]
    public void Decide_OtherTargetedField_IsHonouredBySetting()
    {
        var rules = Create(origin: new OriginOptions { TargetedCacheControl = "ChunkProxy-Cache-Control, CDN-Cache-Control" });
        var decision = rules.DecideOn("Cache-Control: max-age=1", "CDN-Cache-Control: max-age=2", "ChunkProxy-Cache-Control: max-age=3");
        Assert.Equal(Noon.AddSeconds(3), decision.FreshUntil);
    }
}
