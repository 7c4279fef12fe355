using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskTreeTests
{
    private const string Hash = "7f000000000000000000000000000abc";

    private static readonly DiskTree Tree = new("/cache");

    [Theory]
    [InlineData(-1L)]
    [InlineData(0L)]
    [InlineData(long.MaxValue)]
    public void TryParse_PathOfAKey_IsTheKey(long index)
    {
        var key = new ChunkKey(new Hash128(ulong.MaxValue / 3, ulong.MaxValue / 3), index);

        Assert.True(Tree.TryParse(Tree.PathOf(key), out var parsed));
        Assert.Equal(key, parsed);
    }

    [Theory]
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}-000000000000002a.chunk", true)]
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}.version", true)]
    [InlineData($"/cache/chunkproxy-1/7/e/{Hash}-000000000000002a.chunk", false)] // in another version's directory
    [InlineData($"/cache/chunkproxy-1/f/7/{Hash}.version", false)]
    [InlineData($"/cache/chunkproxy-1/7/{Hash}.version", false)]
    [InlineData($"/cache/chunkproxy-1/7/f/x/{Hash}.version", false)]
    [InlineData($"/other/chunkproxy-1/7/f/{Hash}.version", false)]
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}-000000000000002A.chunk", false)] // each key has one path
    [InlineData("/cache/chunkproxy-1/7/f/7F000000000000000000000000000ABC.version", false)]
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}-ffffffffffffffff.chunk", false)] // the index of a record
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}-2a.chunk", false)]
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}_000000000000002a.chunk", false)]
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}-000000000000002a.chunk.chunk", false)]
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}", false)]
    [InlineData($"/cache/chunkproxy-1/7/f/{Hash}.chunk", false)]
    [InlineData("/cache/chunkproxy-1/7/f/7f.version", false)]
    [InlineData("", false)]
    public void TryParse_AnyPath_OnlyOneThatTheTierWrites(string path, bool expected) => Assert.Equal(expected, Tree.TryParse(path, out _));
}
