using System.Reflection;

namespace ChunkProxy.SampleOrigin.Films;

/// <summary>A few seconds of video that end as they begin; films repeat it. See Clips/README.md for how clips are made.</summary>
internal sealed class Clip
{
    /// <summary>Every clip is cut into clusters of this length, each of which begins with a key frame.</summary>
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

    /// <summary>The blocks of each cluster. Their timestamps count from the cluster's, so they are good at any time of a film.</summary>
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
