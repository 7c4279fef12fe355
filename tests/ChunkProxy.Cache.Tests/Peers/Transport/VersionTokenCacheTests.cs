using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Tests.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Peers.Transport;

public sealed class VersionTokenCacheTests
{
    private const int ChunkSize = 1024;

    private readonly VersionTokenCache _cache = new(ChunkSize);

    [Fact]
    public void Read_SameWordsAgain_GivesTheSameVersion()
    {
        var version = TestChunks.Version("/film", 5000, ChunkSize);

        var first = _cache.Read(version.Token, new ObjectId("/film"));

        Assert.True(first!.IsSameVersionAs(version));
        Assert.Same(first, _cache.Read(version.Token, new ObjectId("/film")));
    }

    [Fact]
    public void Read_MoreThanThereIsRoomFor_EachIsTheVersionItNames()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 3000; i++)
            {
                var version = TestChunks.Version($"/film/{i % 1500}", 5000, ChunkSize, i < 1500 ? "\"v1\"" : "\"v2\"");

                Assert.True(_cache.Read(version.Token, version.Id)!.IsSameVersionAs(version));
            }
        }
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(5L)]
    public void Read_NoValidator_IsTheVersionOfThatOpeningResponse(long generation)
    {
        var headers = new OriginHeaders { Opening = -1, GeneratedAt = DateTimeOffset.UnixEpoch, FreshUntil = DateTimeOffset.UnixEpoch };
        var version = new ObjectVersion(new ObjectId("/film"), Validator.Of(null, null, 5000, -1), new ChunkLayout(ChunkSize, 5000), headers, generation);

        var read = _cache.Read(version.Token, version.Id)!;

        Assert.True(read.IsSameVersionAs(version));
        Assert.Equal((-1L, generation), (read.Headers.Opening, read.Generation));
    }

    [Theory]
    [InlineData("1024.5000.-.-.x")]
    [InlineData("1024.5000.-.-.o")]
    [InlineData("1024.5000.-.-.oxyz")]
    [InlineData("1024.5000.-.-.1.2.o5")]
    public void Read_MalformedRest_IsNone(string token) => Assert.Null(_cache.Read(token, new ObjectId("/film")));

    [Fact]
    public void Read_TokenOfAnotherChunkSize_IsNone() =>
        Assert.Null(_cache.Read(TestChunks.Version("/film", 5000, ChunkSize * 2).Token, new ObjectId("/film")));
}
