using System.Reflection;

namespace ChunkProxy.SampleOrigin.Films;

/// <summary>A few seconds of video that films repeat. The last picture leads to the first. Clips/README.md describes how clips are made.</summary>
internal sealed class Clip
{
    /// <summary>Length of a WebM cluster. Each cluster begins with a key frame.</summary>
    public static readonly TimeSpan ClusterDuration = TimeSpan.FromSeconds(2);

    private Clip(byte[] bytes)
    {
        Bytes = bytes;
        var segment = Ebml.Read(bytes).Single(element => element.Id == Ebml.Segment).Body;
        var parts = Ebml.Read(segment).ToArray();
        EbmlHeader = Ebml.Read(bytes).Single(element => element.Id == Ebml.Header).Whole.ToArray();
        Tracks = parts.Single(element => element.Id == Ebml.Tracks).Whole.ToArray();
        Clusters =
        [
            .. parts.Where(element => element.Id == Ebml.Cluster)
                .Select(cluster => Ebml.Read(cluster.Body)
                    .Where(element => element.Id is Ebml.SimpleBlock or Ebml.BlockGroup)
                    .SelectMany(block => block.Whole.ToArray())
                    .ToArray()),
        ];
    }

    public byte[] Bytes { get; }

    public byte[] EbmlHeader { get; }

    public byte[] Tracks { get; }

    /// <summary>The blocks of each cluster. Their timestamps are relative to the cluster's, so they fit at any time of a film.</summary>
    public IReadOnlyList<byte[]> Clusters { get; }

    public static Clip Load(string name)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.webm")
            ?? throw new InvalidOperationException($"There is no clip '{name}'.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return new Clip(bytes);
    }
}
