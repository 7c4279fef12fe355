using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Http.Compression;

namespace ChunkProxy.Web.Tests.Http.Compression;

public sealed class CompressedContentsTests
{
    private const int Budget = 20_000;

    private readonly CompressedContents _contents = new(Budget, maxInProgress: 2);

    [Fact]
    public async Task Compress_MoreThanTheBudget_TheLeastRecentlyUsedIsDropped()
    {
        var random = new byte[8000]; // three of them exceed the budget
        new Random(1).NextBytes(random);
        byte[] content = [.. random, .. random];
        foreach (var version in (Hash128[])[1, 2])
        {
            Assert.NotEmpty(await _contents.CompressAsync(version, ContentCoding.Gzip, content));
        }

        Assert.True(_contents.TryGet(1, ContentCoding.Gzip, out _));
        await _contents.CompressAsync(3, ContentCoding.Gzip, content);

        Assert.Equal((true, false, true), (_contents.TryGet(1, ContentCoding.Gzip, out _), _contents.TryGet(2, ContentCoding.Gzip, out _), _contents.TryGet(3, ContentCoding.Gzip, out _)));
        Assert.False(_contents.TryGet(1, ContentCoding.Brotli, out _));
        Assert.InRange(_contents.Bytes, 16_000, Budget);
    }

    [Fact]
    public async Task Compress_ManySmallContents_CountWithTheirOverhead()
    {
        for (var version = 0; version < 1000; version++)
        {
            await _contents.CompressAsync((Hash128)(uint)version, ContentCoding.Brotli, new byte[300]);
        }

        Assert.InRange(_contents.Bytes, 1, Budget);
        Assert.InRange(Enumerable.Range(0, 1000).Count(version => _contents.TryGet((Hash128)(uint)version, ContentCoding.Brotli, out _)), 1, Budget / 200);
    }

    [Fact]
    public async Task Compress_ContentThatDoesNotShrink_IsRememberedAsEmpty()
    {
        var random = new byte[1000];
        new Random(1).NextBytes(random);

        Assert.Empty(await _contents.CompressAsync(1, ContentCoding.Brotli, random));
        Assert.True(_contents.TryGet(1, ContentCoding.Brotli, out var content));
        Assert.Empty(content);
    }

    [Fact]
    public void TryBegin_Limit_CountsThoseInProgressAndEachOnce()
    {
        Assert.True(_contents.TryBegin(1, ContentCoding.Gzip));
        Assert.False(_contents.TryBegin(1, ContentCoding.Gzip));
        Assert.True(_contents.TryBegin(1, ContentCoding.Brotli));
        Assert.False(_contents.TryBegin(2, ContentCoding.Gzip));

        _contents.End(1, ContentCoding.Gzip);

        Assert.True(_contents.TryBegin(2, ContentCoding.Gzip));
    }
}
