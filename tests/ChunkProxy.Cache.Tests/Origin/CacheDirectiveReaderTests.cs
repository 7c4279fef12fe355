using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class CacheDirectiveReaderTests
{
    [Theory]
    [InlineData("no-store")]
    [InlineData("No-StOrE")]
    [InlineData("no-store, max-age=-1")]
    [InlineData("private, no-store, max-age=-1")]
    [InlineData("no-store, max-age=99999999999")]
    [InlineData("max-age=600; no-store")]
    [InlineData("no-store; max-age=600")]
    [InlineData("no-store=1, max-age=600")]
    [InlineData("max-age=600 no-store")]
    [InlineData("\"no-store, max-age=600")]
    [InlineData("foo=\"bar, no-store, max-age=600")]
    [InlineData("@@@, no-store")]
    [InlineData(",,no-store,,")]
    public void Read_NoStore_IsFoundWhateverStandsBesideIt(string line) => Assert.True(CacheDirectiveReader.Read([line]).NoStore);

    [Theory]
    [InlineData("no-stores")]
    [InlineData("x-no-store")]
    [InlineData("foo=no-store")]
    [InlineData("foo=\"no-store\"")]
    [InlineData("max-age=600")]
    [InlineData("")]
    public void Read_NoStoreIsNotThere_IsNotFound(string line) => Assert.False(CacheDirectiveReader.Read([line]).NoStore);

    [Theory]
    [InlineData("private; max-age=600", true, "")]
    [InlineData("private=x", true, "")]
    [InlineData("private=\"\"", true, "")]
    [InlineData("private=\"x", true, "")]
    [InlineData("private=\"X-User\"", false, "X-User")]
    [InlineData("private=\"a, b\", max-age=5", false, "a b")]
    [InlineData("private=\"a\", private", true, "a")]
    [InlineData("no-cache=\"set-cookie\"", false, "set-cookie")]
    public void Read_Private_IsAboutTheWholeResponseUnlessItNamesFields(string line, bool isPrivate, string withheld)
    {
        var read = CacheDirectiveReader.Read([line]);
        Assert.Equal((isPrivate, withheld), (read.Private, string.Join(' ', read.WithheldFields)));
    }

    [Theory]
    [InlineData("max-age=600", 600)]
    [InlineData("MAX-AGE=600", 600)]
    [InlineData("max-age=003600", 3600)]
    [InlineData("max-age=\"600\"", 600)]
    [InlineData("public; max-age=600", 600)]
    [InlineData("foo, max-age=600", 600)]
    [InlineData("foo=\"a, b\", max-age=600", 600)]
    [InlineData("max-age=600, max-age=5", 5)]
    [InlineData("max-age=31536000000", 2147483648)]
    [InlineData("max-age=99999999999999999999999999", 2147483648)]
    [InlineData("max-age=-1", 0)]
    [InlineData("max-age=3600.5", 0)]
    [InlineData("max-age='3600'", 0)]
    [InlineData("max-age=a3600", 0)]
    [InlineData("max-age=3600a", 0)]
    [InlineData("max-age =3600", 0)]
    [InlineData("max-age= 3600", 0)]
    [InlineData("max-age", 0)]
    [InlineData("max-age=", 0)]
    public void Read_MaxAge_IsTheShortestAndZeroIfUnreadable(string line, long seconds)
    {
        var read = CacheDirectiveReader.Read([line]).MaxAge;
        Assert.Equal(new DirectiveTime(TimeSpan.FromSeconds(seconds), IsCertain: true), read);
    }

    [Theory]
    [InlineData("extension=\"max-age=3600\"", null)]
    [InlineData("extension=\"x, max-age=3600\"", 3600L)]
    [InlineData("\"max-age=3600", 3600L)]
    [InlineData("foo=\"bar, max-age=3600", 3600L)]
    public void Read_MaxAgeThatMayBeQuoted_OnlyLimits(string line, long? seconds)
    {
        var read = CacheDirectiveReader.Read([line]).MaxAge;
        Assert.Equal(new DirectiveTime(seconds is { } limit ? TimeSpan.FromSeconds(limit) : null, IsCertain: false), read);
        Assert.Equal(TimeSpan.FromSeconds(60), read.Or(TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [InlineData("max-age=600", true)]
    [InlineData("max-age=600, foo, bar=\"x, y\"", true)]
    [InlineData("max-age=600, &&&&& !", false)]
    [InlineData("max-age=\"600\"", false)]
    [InlineData("max-age=x", false)]
    [InlineData("max-age=600; foo", false)]
    public void Read_TargetedField_SaysWhetherItKeepsItsGrammar(string line, bool isWellFormed) =>
        Assert.Equal(isWellFormed, CacheDirectiveReader.Read([line], isStructured: true).IsWellFormed);
}
