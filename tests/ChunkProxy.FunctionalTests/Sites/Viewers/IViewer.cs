using ChunkProxy.FunctionalTests.Cluster;

namespace ChunkProxy.FunctionalTests.Sites.Viewers;

/// <summary>A client program that reads a site in rounds, and compares what it gets with the source.</summary>
internal interface IViewer
{
    string Name { get; }

    /// <summary>The member that its next round asks.</summary>
    ClusterMember Member { get; }

    /// <summary>Whether it reads objects that the test purges.</summary>
    bool ReadsPurged { get; }

    /// <summary>Reads one round.</summary>
    /// <returns>The interruptions that it met, and went on after.</returns>
    /// <exception cref="Exception">It got wrong bytes, or could not go on.</exception>
    Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken);
}
