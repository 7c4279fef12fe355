using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Tests.Hosting;

namespace ChunkProxy.Web.Tests.Http.Sending;

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

    /// <summary>An object with a strong tag, a date and a type, generated at <see cref="FrontEndHost.Start"/>.</summary>
    public static FakeObject Film(int size, int chunkSize, ChunkScript? script = null, string etag = "\"v1\"", string path = "/film") =>
        new(path, size, chunkSize, Headers(etag), seed: etag.Length) { DefaultScript = script ?? Hot };

    /// <summary>A text that compression makes much smaller, as a playlist is.</summary>
    public static FakeObject Text(string path, string type, params KeyValuePair<string, string>[] more)
    {
        var lines = string.Concat(Enumerable.Range(0, 200).Select(i => $"#EXTINF:4.000,\nsegment-{i:00000}.m4s\n"));
        var text = System.Text.Encoding.UTF8.GetBytes(lines);
        var headers = new OriginHeaders
        {
            ETag = "\"v1\"",
            LastModified = FrontEndHost.Start.AddDays(-1),
            LastModifiedField = FrontEndHost.Start.AddDays(-1).ToString("r", System.Globalization.CultureInfo.InvariantCulture),
            EndToEnd = [new("Content-Type", type), .. more],
            GeneratedAt = FrontEndHost.Start,
            FreshUntil = FrontEndHost.Start + TimeSpan.FromHours(1),
        };
        var made = new FakeObject(path, text.Length, 1024, headers);
        text.CopyTo(made.Content, 0);
        return made;
    }

    public static OriginHeaders Headers(string etag, params KeyValuePair<string, string>[] more) => new()
    {
        ETag = etag,
        EndToEnd = [new("Content-Type", "video/mp4"), .. more],
        GeneratedAt = FrontEndHost.Start,
        FreshUntil = FrontEndHost.Start + TimeSpan.FromHours(1),
    };

    public ObjectId Id { get; }

    public byte[] Content { get; }

    public ObjectVersion Version { get; }

    public bool AskedOrigin { get; init; }

    /// <summary>Whether the origin was asked to revalidate a known version.</summary>
    public bool Revalidated { get; init; }

    private static ChunkScript Hot => new() { IsHot = true, Source = ChunkSource.Memory };

    public Dictionary<long, ChunkScript> Scripts { get; } = [];

    public ChunkScript DefaultScript { get; init; } = Hot;

    public ChunkScript ScriptOf(long index) => Scripts.GetValueOrDefault(index, DefaultScript);

    public byte[] ChunkBytes(long index) =>
        Content.AsSpan((int)Version.Layout.StartOf(index), Version.Layout.LengthOf(index)).ToArray();
}
