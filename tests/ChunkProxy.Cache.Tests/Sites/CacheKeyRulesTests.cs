using ChunkProxy.Cache.Sites;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Sites;

public sealed class CacheKeyRulesTests
{
    private static readonly CacheKeyOptions[] AllOptions =
    [
        new(),
        new() { Query = KeyQuery.None },
        new() { Ignore = "a,c*" },
        new() { Only = "a,c*" },
        new() { Sort = true },
        new() { Ignore = "b", Sort = true },
        new() { Host = true, IgnorePathCase = true, Ignore = "a" },
        new() { IgnorePathCase = true, Query = KeyQuery.None },
    ];

    [Theory]
    [InlineData("/film", "/film")]
    [InlineData("/film?", "/film?")]
    [InlineData("/film?b=2&a=1", "/film?b=2&a=1")]
    public void KeyOf_Default_IsTheWholeTarget(string target, string key) => Assert.Equal(key, new CacheKeyRules(new CacheKeyOptions()).KeyOf(target));

    [Theory]
    [InlineData("/film", "/film")]
    [InlineData("/film?", "/film")]
    [InlineData("/film?a=1&b=2", "/film")]
    [InlineData("/film?a=?", "/film")]
    public void KeyOf_WithoutTheQuery_IsThePath(string target, string key) => Assert.Equal(key, KeyOf(target, new() { Query = KeyQuery.None }));

    [Theory]
    [InlineData("/film?token=x", "/film")]
    [InlineData("/film?token", "/film")]
    [InlineData("/film?token=x&v=2&sig=y", "/film?v=2")]
    [InlineData("/film?v=2&CMCD=bl%3D2", "/film?v=2")]
    [InlineData("/film?v=2&cmcd=1", "/film?v=2&cmcd=1")] // case matters
    [InlineData("/film?v=2&tokens=1", "/film?v=2&tokens=1")]
    [InlineData("/film?v=token", "/film?v=token")]
    [InlineData("/film?utm_source=a&utm_=b&utm=c", "/film?utm=c")]
    [InlineData("/token=x?token=x", "/token=x")]
    public void KeyOf_IgnoredParameters_LeavesThemOut(string target, string key) => Assert.Equal(key, KeyOf(target, new() { Ignore = "token, sig, CMCD, utm_*" }));

    [Theory]
    [InlineData("/film?token=x", "/film")]
    [InlineData("/film?b=2&token=x&a=1", "/film?b=2&a=1")]
    [InlineData("/film?a=1&a=2", "/film?a=1&a=2")]
    public void KeyOf_OnlyParameters_KeepsThem(string target, string key) => Assert.Equal(key, KeyOf(target, new() { Only = "a,b" }));

    [Theory]
    [InlineData("/film?b=2&a=1", "/film?a=1&b=2")]
    [InlineData("/film?b=2&a=9&a=1", "/film?a=9&a=1&b=2")] // values of one name keep their order
    public void KeyOf_Sorted_DoesNotDependOnTheOrderOfNames(string target, string key) => Assert.Equal(key, KeyOf(target, new() { Sort = true }));

    [Theory]
    [InlineData("/Films/ORBIT.mp4?V=1", "/films/orbit.mp4?V=1")] // the case of the query counts
    [InlineData("/a%2FB%C3%84.mp4", "/a%2Fb%C3%84.mp4")] // percent-encoded octets stay
    [InlineData("/a.mp4", "/a.mp4")]
    [InlineData("/A%", "/a%")]
    public void KeyOf_CaseDoesNotCount_IsThePathInLowerCase(string target, string key) => Assert.Equal(key, KeyOf(target, new() { IgnorePathCase = true }));

    [Theory]
    [InlineData(true, "//films.example/A.mp4?v=1", "//films.example/A.mp4?v=1")]
    [InlineData(false, "//films.example/A.mp4?v=1", "/A.mp4?v=1")] // of a process with other rules
    [InlineData(true, "/A.mp4", "/A.mp4")]
    public void KeyOf_TargetWithAHost_HasItIfTheRulesDo(bool host, string target, string key) => Assert.Equal(key, KeyOf(target, new() { Host = host }));

    [Fact]
    public void ToString_OfDifferentRules_Differs() => Assert.Distinct(AllOptions.Select(static options => new CacheKeyRules(options).ToString()));

    [Fact]
    public void KeyOf_AKey_IsTheKeyItself() =>
        Gen.Select(OneOf(AllOptions), OneOf("a", "b", "c", "cc", "", "=", "a=1", "b=?", "c=2").Array[0, 6]).Sample((options, parameters) =>
        {
            var rules = new CacheKeyRules(options);
            var key = rules.KeyOf("//host/Film%2F?" + string.Join('&', parameters));
            return rules.KeyOf(key) == key;
        });

    [Theory]
    [InlineData("token", true)]
    [InlineData("utm_*", true)]
    [InlineData("X-Amz-Signature", true)]
    [InlineData("*", false)]
    [InlineData("to*ken", false)]
    [InlineData("token=1", false)]
    [InlineData("a&b", false)]
    [InlineData("tok en", false)]
    public void Validate_Name_IsOneOfAParameter(string name, bool isValid)
    {
        var validator = new CacheKeyOptionsValidator();

        Assert.Equal(isValid, validator.Validate(null, new CacheKeyOptions { Ignore = name }).Succeeded);
        Assert.Equal(isValid, validator.Validate(null, new CacheKeyOptions { Only = "x," + name }).Succeeded);
    }

    [Fact]
    public void Validate_SettingsThatContradict_IsRefused()
    {
        var validator = new CacheKeyOptionsValidator();

        Assert.Contains("CacheKey:Only: ", validator.Validate(null, new CacheKeyOptions { Ignore = "a", Only = "b" }).FailureMessage, StringComparison.Ordinal);
        Assert.Contains("CacheKey:Query: ", validator.Validate(null, new CacheKeyOptions { Query = KeyQuery.None, Sort = true }).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_SameRules_AreEqualInAnyOrderOfNames()
    {
        Assert.Equal("all but a,b, sorted", new CacheKeyRules(new CacheKeyOptions { Ignore = "b, a,b", Sort = true }).ToString());
        Assert.Equal(AllOptions.Length, AllOptions.Select(options => new CacheKeyRules(options).ToString()).Distinct().Count());
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string KeyOf(string target, CacheKeyOptions options) => new CacheKeyRules(options).KeyOf(target);
}
