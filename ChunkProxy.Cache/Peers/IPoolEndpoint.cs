namespace ChunkProxy.Cache.Peers;

/// <summary>An endpoint for other members on the pool port.</summary>
internal interface IPoolEndpoint
{
    /// <summary>The endpoint's path on the pool port.</summary>
    string Path { get; }

    Task AnswerAsync(HttpContext context);
}
