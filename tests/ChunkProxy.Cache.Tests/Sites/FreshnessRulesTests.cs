using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Tests.Sites;

public sealed class FreshnessRulesTests
{
    [Theory]
    [InlineData("/a/b.m3u8", 1.0)]
    [InlineData("/a/b.m3u8?token=x.ts", 1.0)]
    [InlineData("/a/b.ts", 31_536_000.0)]
    [InlineData("/live/b.ts", 5.0)] // the first pattern
    [InlineData("/a/b.M3U8", null)]
    [InlineData("/a/b.m3u8x", null)]
    [InlineData("/x/y/z", 7200.0)]
    [InlineData("/x/z", null)]
    [InlineData("/", null)]
    [InlineData("/exact", 600.0)]
    [InlineData("/exact/", null)]
    public void Of_Path_IsTheFirstPatternThatMatches(string path, double? seconds)
    {
        var rules = new FreshnessRules(new FreshnessOptions { Override = "/live/*=5s, *.m3u8=1s,*.ts=365d,/x/*/z*=2h,/exact=10m" });

        Assert.Equal(seconds, rules.Of(path).Override?.TotalSeconds);
        Assert.Null(rules.Of(path).Default);
    }

    [Theory]
    [InlineData("*", "/anything", true)]
    [InlineData("/a*b*c", "/axxbxxbc", true)]
    [InlineData("/a*b*c", "/axxbxx", false)]
    [InlineData("**", "/", true)]
    [InlineData("*a*a*a*a*a*a*b", "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Of_Asterisks_MatchAnyCharacters(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new FreshnessRules(new FreshnessOptions { Default = pattern + "=1s" }).Of(path).Default is not null);

    [Fact]
    public void OfStatus_Listed_HasItsLifetime()
    {
        var rules = new FreshnessRules(new FreshnessOptions { Statuses = "404=30s,410=1h,403=0s" });

        Assert.Equal([30, 3600, 0, null], [rules.OfStatus(404)?.TotalSeconds, rules.OfStatus(410)?.TotalSeconds, rules.OfStatus(403)?.TotalSeconds, rules.OfStatus(500)?.TotalSeconds]);
    }

    [Theory]
    [InlineData("m3u8=1s")]
    [InlineData("*.m3u8")]
    [InlineData("*.m3u8=1")]
    [InlineData("*.m3u8=s")]
    [InlineData("*.m3u8=1y")]
    [InlineData("*.m3u8=-1s")]
    [InlineData("*.m3u8=3651d")]
    [InlineData("*.m3u8=99999999d")]
    public void Validate_InvalidEntry_NamesItsKey(string list) =>
        Assert.StartsWith("ChunkProxy:Freshness:Override: ", new FreshnessOptionsValidator().Validate(null, new FreshnessOptions { Override = list }).FailureMessage, StringComparison.Ordinal);

    [Theory]
    [InlineData("200=1s")]
    [InlineData("304=1s")]
    [InlineData("404=1s,404=2s")]
    [InlineData("4xx=1s")]
    public void Validate_InvalidStatus_NamesItsKey(string list) =>
        Assert.StartsWith("ChunkProxy:Freshness:Statuses: ", new FreshnessOptionsValidator().Validate(null, new FreshnessOptions { Statuses = list }).FailureMessage, StringComparison.Ordinal);

    [Theory]
    [InlineData("/live/a.M3U8", false, null)]
    [InlineData("/live/a.m3u8", true, 1)] // keys are in lower case then
    [InlineData("//films.example/live/a.M3U8", false, null)]
    [InlineData("//films.example/live/a.m3u8", true, 1)]
    [InlineData("//films.example/LIVE/a.x", false, 5)]
    public void Of_KeyWithAHostOrWithoutCase_IsThatOfItsPath(string key, bool ignoresCase, int? seconds) =>
        Assert.Equal((double?)seconds, new FreshnessRules(new FreshnessOptions { Override = "*.M3u8=1s,/LIVE/*=5s" }, ignoresCase).Of(key).Override?.TotalSeconds);
}
