using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Fuzzing;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

/// <summary>Values in Redis, written by any process.</summary>
public sealed class SuperHotFuzzTests
{
    private static readonly ChunkKey Key = new(12345, 6);
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    private static readonly SuperHotSeal Seal = new(new KeyRing([new SharedSecret("a secret of the cluster")]));

    [Fact]
    public void Check_AnyValue_IsTheChunkOrAMiss() => Fuzz.Bytes(
        [SuperHotValue.Encode(Key, Bytes)],
        value =>
        {
            if (SuperHotValue.Check(value, Key, Bytes.Length) is SuperHotReadOutcome.Hit)
            {
                Assert.Equal(Bytes, SuperHotValue.BytesOf(value).ToArray());
            }
        });

    [Fact]
    public void Check_AnyValueWithAKey_IsTheChunkOrAMiss() => Fuzz.Bytes(
        [Seal.Encode(Key, Bytes), SuperHotValue.Encode(Key, Bytes)],
        value =>
        {
            if (Seal.Check(value, Key, Bytes.Length) is SuperHotReadOutcome.Hit)
            {
                Assert.Equal(Bytes, Seal.BytesOf(value).ToArray());
            }
        });

    [Fact]
    public void Record_AnyValue_IsTheVersionOrNone()
    {
        var film = TestChunks.Version("/film.mp4", 1_000_000, 65536);
        Fuzz.Bytes(
            [Seal.Encode(film.Id, VersionRecord.Encode(film))],
            value =>
            {
                if (Seal.TryDecode(film.Id, value) is { } record)
                {
                    Assert.True(VersionRecord.TryDecode(record, film.Id, 65536)?.IsSameVersionAs(film));
                }
            });
    }

    [Fact]
    public void ListEntry_AnyText_IsTheEntryOrNone()
    {
        var entry = $"{Key.Version}:{Key.Index}";
        Fuzz.Text([Seal.Encode(entry), entry], text => Assert.Contains(Seal.TryDecode(text), new[] { entry, null }));
    }
}
