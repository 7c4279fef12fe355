using System.Net.Http.Headers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginMessagesTests
{
    private static readonly DateTimeOffset Modified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly LoopMark Loop = new(cluster: null);
    private static readonly OriginMessages Messages = new(new Uri("http://origin.test/films/"), "tests", Loop, OriginRules.PublicOrigin);

    [Theory]
    [InlineData("/a%20b", "/films/a%20b")]
    [InlineData("/a%2Fb?c=%20d", "/films/a%2Fb?c=%20d")]
    public void Write_PathInItsNormalForm_IsSentAsItIs(string path, string expected)
    {
        var message = Messages.Write(new OriginRequest(new ObjectId(path), Range: null), condition: null);
        Assert.Equal(expected, message.RequestUri!.PathAndQuery);
        Assert.Equal("identity", message.Headers.AcceptEncoding.ToString());
        Assert.Null(message.Headers.Range);
        Assert.True(Loop.IsIn(message.Headers.NonValidated["CDN-Loop"].ToString()));
    }

    [Fact]
    public void Write_TargetWithAHost_AsksTheOriginForThatHost()
    {
        var message = Messages.Write(new OriginRequest(new ObjectId("//films.example/a?b"), Range: null), condition: null);

        Assert.Equal(("http://origin.test/films/a?b", "films.example"), (message.RequestUri!.ToString(), message.Headers.Host));
        Assert.Equal("films.example", Messages.Redirected(message, new Uri("http://origin.test/other"), isOrigin: true).Headers.Host);
        Assert.Null(Messages.Redirected(message, new Uri("http://elsewhere.test/other"), isOrigin: false).Headers.Host);
    }

    [Fact]
    public void Write_Range_NamesTheLastByte() =>
        Assert.Equal(RangeHeaderValue.Parse("bytes=200-299"), Messages.Write(new OriginRequest(new ObjectId("/film"), new ByteRange(200, 300)), condition: null).Headers.Range);

    [Theory]
    [InlineData("\"v1\"", true, false, "If-Match", "\"v1\"")]
    [InlineData("\"v1\"", true, true, "If-None-Match", "\"v1\"")]
    [InlineData("W/\"v1\"", true, false, "If-Unmodified-Since", "Fri, 02 Jan 2026 03:04:05 GMT")] // a weak tag matches nothing in If-Match
    [InlineData("W/\"v1\"", true, true, "If-None-Match", "W/\"v1\"")]
    [InlineData(null, true, false, "If-Unmodified-Since", "Fri, 02 Jan 2026 03:04:05 GMT")]
    [InlineData(null, true, true, "If-Modified-Since", "Fri, 02 Jan 2026 03:04:05 GMT")]
    [InlineData("W/\"v1\"", false, false, null, null)]
    [InlineData(null, false, true, null, null)]
    public void Write_VersionIsKnown_MakesTheAnswerDependOnIt(string? etag, bool hasDate, bool onlyIfChanged, string? field, string? value)
    {
        var id = new ObjectId("/film");
        var modified = hasDate ? Modified : (DateTimeOffset?)null;
        var known = new ObjectVersion(id, Validator.Of(etag, modified, 1000), new ChunkLayout(100, 1000), new OriginHeaders
        {
            ETag = etag,
            LastModified = modified,
            EndToEnd = [],
            GeneratedAt = Modified,
            FreshUntil = Modified,
        });

        var request = new OriginRequest(id, Range: null, known, onlyIfChanged);
        var message = Messages.Write(request, OriginMessages.ConditionOf(request));

        var conditions = message.Headers.NonValidated.Where(header => header.Key.StartsWith("If-", StringComparison.Ordinal));
        Assert.Equal(field is null ? [] : [$"{field}: {value}"], conditions.Select(header => $"{header.Key}: {header.Value}"));
    }

    [Fact]
    public void Write_LastModifiedAsSent_IsTheCondition()
    {
        var known = new ObjectVersion(new ObjectId("/film"), Validator.Of(null, Modified, 1000), new ChunkLayout(100, 1000), new OriginHeaders
        {
            LastModified = Modified,
            LastModifiedField = "Friday, 02-Jan-26 03:04:05 GMT",
            GeneratedAt = Modified,
            FreshUntil = Modified,
        });

        var request = new OriginRequest(known.Id, Range: null, known, OnlyIfChanged: true);
        var message = Messages.Write(request, OriginMessages.ConditionOf(request));

        Assert.Equal("Friday, 02-Jan-26 03:04:05 GMT", message.Headers.NonValidated["If-Modified-Since"].ToString());
    }

    [Fact]
    public void Write_UserAgent_IsOursUnlessTheClientsIsPassedOn()
    {
        var ours = Messages.Write(new OriginRequest(new ObjectId("/film"), Range: null), condition: null);
        var clients = Messages.Write(new OriginRequest(new ObjectId("/film"), Range: null) { Fields = new([new("User-Agent", "player/1")]) }, condition: null);
        var nobodys = new OriginMessages(new Uri("http://origin.test/"), "", Loop, OriginRules.PublicOrigin).Write(new OriginRequest(new ObjectId("/film"), Range: null), condition: null);

        Assert.Equal(("tests", "player/1"), (ours.Headers.NonValidated["User-Agent"].ToString(), clients.Headers.NonValidated["User-Agent"].ToString()));
        Assert.False(nobodys.Headers.NonValidated.Contains("User-Agent"));
    }

    [Fact]
    public void Write_ChunkOfAVariant_SelectsTheVariantAgain()
    {
        var known = new ObjectVersion(new ObjectId("/film"), new Validator("\"v1\""), new ChunkLayout(100, 1000), new OriginHeaders
        {
            ETag = "\"v1\"",
            GeneratedAt = Modified,
            FreshUntil = Modified,
            Variant = Variant.Of(["Accept-Language", "Origin"], new([new("Accept-Language", "de")])),
        });

        var message = Messages.Write(new OriginRequest(known.Id, new ByteRange(0, 100), known), condition: null);

        Assert.Equal("de", message.Headers.NonValidated["Accept-Language"].ToString());
        Assert.False(message.Headers.NonValidated.Contains("Origin"));
    }

    [Fact]
    public void Write_FieldsOfAClient_AreHandedOn()
    {
        var message = Messages.Write(new ObjectId("/film"), HttpMethod.Head, [new("If-Range", "\"v1\""), new("Range", "bytes=0-4")]);
        Assert.Equal(HttpMethod.Head, message.Method);
        Assert.Equal(("\"v1\"", "bytes=0-4"), (message.Headers.NonValidated["If-Range"].ToString(), message.Headers.NonValidated["Range"].ToString()));
    }
}
