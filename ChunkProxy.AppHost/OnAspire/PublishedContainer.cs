namespace ChunkProxy.AppHost.OnAspire;

/// <summary>What is known of the images that the SDK builds: they run as the user <c>app</c> of the base image.</summary>
internal static class PublishedContainer
{
    public const long User = 1654;

    /// <summary>That user's home, which the base image has.</summary>
    public const string Home = "/home/app";

    public const string Disk = $"{Home}/chunkproxy";
}
