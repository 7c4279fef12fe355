namespace ChunkProxy.AppHost.OnAspire;

/// <summary>Where <c>aspire publish</c> and <c>aspire deploy</c> go: <c>Publish:To</c>.</summary>
internal enum PublishTarget
{
    /// <summary>Nowhere in particular: the manifest only.</summary>
    None,

    /// <summary>Azure Container Apps.</summary>
    Aca,

    /// <summary>Docker Compose.</summary>
    Compose,

    /// <summary>A Helm chart.</summary>
    Kubernetes,
}
