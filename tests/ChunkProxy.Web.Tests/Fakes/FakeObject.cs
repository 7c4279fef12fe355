using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Web.Tests.Fakes;

/// <summary>An object of the fake reader: its version, its bytes, and how its chunks behave (hot in memory unless scripted).</summary>
internal sealed class FakeObject
{
    public FakeObject(string path, int size, int chunkSize, OriginHeaders headers, int seed = 1)
    {
        Id = new ObjectId(path);
        Content = new byte[size];
        new Random(seed).NextBytes(Content);
        Version = new ObjectVersion(
            Id, Validator.Of(headers.ETag, headers.LastModified, size), new ChunkLayout(chunkSize, size), headers);
    }

    public ObjectId Id { get; }

    public byte[] Content { get; }

    public ObjectVersion Version { get; }

    public bool AskedOrigin { get; init; }

    public Dictionary<long, ChunkScript> Scripts { get; } = [];

    public ChunkScript DefaultScript { get; init; } = new() { IsHot = true, Source = ChunkProxy.Cache.Lookup.ChunkSource.Memory };

    public ChunkScript ScriptOf(long index) => Scripts.GetValueOrDefault(index, DefaultScript);

    public byte[] ChunkBytes(long index) =>
        Content.AsSpan((int)Version.Layout.StartOf(index), Version.Layout.LengthOf(index)).ToArray();
}
