namespace ChunkProxy.AppHost;

/// <summary>The origin of the cluster.</summary>
/// <param name="Url">The base URL of its objects.</param>
/// <param name="Sample">The origin with sample films; null: the origin is not a part of this application.</param>
internal sealed record Origin(ReferenceExpression Url, IResourceBuilder<ProjectResource>? Sample);
