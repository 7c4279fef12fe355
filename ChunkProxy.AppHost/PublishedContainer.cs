namespace ChunkProxy.AppHost;

/// <summary>The images that the SDK builds: they run as the user <c>app</c> of the base image, who may not take a port below 1024.</summary>
internal static class PublishedContainer
{
    /// <summary>Where members answer each other.</summary>
    public const int PoolPort = 7070;

    /// <summary>Where the front end answers clients.</summary>
    public const int WebPort = 8080;

    /// <summary>The disk tier, in the home of the user <c>app</c>.</summary>
    public const string Disk = "/home/app/chunkproxy";
}
