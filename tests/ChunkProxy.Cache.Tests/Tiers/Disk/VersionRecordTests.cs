using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class VersionRecordTests : IAsyncDisposable
{
    private const int ChunkSize = 64 * 1024;

    private readonly TierDirectory _directory = new();
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 1_000_000, ChunkSize);

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Fact]
    public async Task FindVersionAsync_NeverStored_IsNull()
    {
        await _directory.StartAndScanAsync();

        Assert.Null(await FindAsync(ChunkSize));
    }

    [Fact]
    public async Task FindVersionAsync_AfterRestart_IsTheVersionToTheLastField()
    {
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(_film);

        await _directory.RestartAsync();

        AssertEqual(_film, await FindAsync(ChunkSize));
    }

    [Fact]
    public async Task FindVersionAsync_NothingKnownBesideTheSize_IsTheSame()
    {
        var bare = new ObjectVersion(
            new ObjectId("/film.mp4"),
            Validator.Of(null, null, 5),
            new ChunkLayout(ChunkSize, 5),
            new OriginHeaders { GeneratedAt = DateTimeOffset.UnixEpoch, FreshUntil = DateTimeOffset.MaxValue });
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(bare);
        await _directory.Tier.WhenIdleAsync();

        AssertEqual(bare, await FindAsync(ChunkSize));
    }

    [Fact]
    public async Task FindVersionAsync_OneVariantWithoutValidator_IsTheVersionToTheLastField()
    {
        var variant = new ObjectVersion(
            new ObjectId("/film.mp4"),
            Validator.Of(null, null, 5, opening: -7),
            new ChunkLayout(ChunkSize, 5),
            new OriginHeaders
            {
                LastModifiedField = "yesterday",
                Date = "Mon, 30 Nov 2026 12:00:00 GMT",
                GeneratedAt = DateTimeOffset.UnixEpoch,
                FreshUntil = DateTimeOffset.UnixEpoch.AddDays(1),
                StaleWhileRevalidateUntil = DateTimeOffset.UnixEpoch.AddDays(2),
                StaleIfErrorUntil = DateTimeOffset.UnixEpoch.AddDays(3),
                Variant = Variant.Of(["Origin", "Accept-Language"], new([new("Origin", "https://site.test")])),
                Opening = -7,
            });
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(variant);
        await _directory.Tier.WhenIdleAsync();

        AssertEqual(variant, await FindAsync(ChunkSize));
    }

    [Theory]
    [InlineData("film-1 all", 0)]
    [InlineData("film-1", 7)]
    public async Task FindVersionAsync_VersionWithTags_HasTheSameTagsAndGeneration(string tags, long generation)
    {
        var tagged = new ObjectVersion(
            new ObjectId("/film.mp4"),
            Validator.Of("\"x\"", null, 5),
            new ChunkLayout(ChunkSize, 5),
            new OriginHeaders { ETag = "\"x\"", GeneratedAt = DateTimeOffset.UnixEpoch, FreshUntil = DateTimeOffset.UnixEpoch, Tags = ObjectTags.Of([tags]) },
            generation);
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(tagged);
        await _directory.Tier.WhenIdleAsync();

        var found = await FindAsync(ChunkSize);

        Assert.Equal((tagged.Hash, tagged.Headers.Tags), (found!.Hash, found.Headers.Tags));
    }

    [Fact]
    public async Task FindVersionAsync_OtherChunkSize_IsTheSameVersionCutAnew()
    {
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(_film);
        await _directory.Tier.WhenIdleAsync();

        AssertEqual(TestChunks.Version("/film.mp4", 1_000_000, 12345), await FindAsync(12345));
    }

    [Fact]
    public async Task StoreVersion_Again_ReplacesWhatWasKnown()
    {
        var next = TestChunks.Version("/film.mp4", 2_000_000, ChunkSize, "\"v2\"");
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(_film);
        await _directory.Tier.WhenIdleAsync();
        var used = _directory.Tier.State.UsedBytes;

        _directory.Tier.StoreVersion(next);
        await _directory.Tier.WhenIdleAsync();

        AssertEqual(next, await FindAsync(ChunkSize));
        Assert.Equal(used, _directory.Tier.State.UsedBytes);
        Assert.Single(_directory.Files);
    }

    [Fact]
    public async Task RemoveVersionRecord_Stored_IsGoneAtOnceAndAfterRestart()
    {
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(_film);
        await _directory.Tier.WhenIdleAsync();

        _directory.Tier.RemoveVersionRecord(_film.Id);

        Assert.Null(await FindAsync(ChunkSize));
        await _directory.RestartAsync();
        Assert.Null(await FindAsync(ChunkSize));
    }

    private async Task<ObjectVersion?> FindAsync(int chunkSize) =>
        await _directory.Tier.FindVersionAsync(new ObjectId("/film.mp4"), chunkSize, TestContext.Current.CancellationToken);

    private static void AssertEqual(ObjectVersion expected, ObjectVersion? found)
    {
        Assert.NotNull(found);
        Assert.Equal(expected.Hash, found.Hash);
        Assert.Equal(expected.Id, found.Id);
        Assert.Equal(expected.Validator, found.Validator);
        Assert.Equal(expected.Layout, found.Layout);
        Assert.Equal(expected.Headers.ETag, found.Headers.ETag);
        Assert.Equal(expected.Headers.LastModified, found.Headers.LastModified);
        Assert.Equal(expected.Headers.GeneratedAt, found.Headers.GeneratedAt);
        Assert.Equal(expected.Headers.FreshUntil, found.Headers.FreshUntil);
        Assert.Equal(expected.Headers.EndToEnd, found.Headers.EndToEnd);
        Assert.Equal((expected.Headers.LastModifiedField, expected.Headers.Date), (found.Headers.LastModifiedField, found.Headers.Date));
        Assert.Equal(
            (expected.Headers.StaleWhileRevalidateUntil, expected.Headers.StaleIfErrorUntil), (found.Headers.StaleWhileRevalidateUntil, found.Headers.StaleIfErrorUntil));
        Assert.Equal((expected.Headers.Opening, expected.Headers.Variant), (found.Headers.Opening, found.Headers.Variant));
    }
}
