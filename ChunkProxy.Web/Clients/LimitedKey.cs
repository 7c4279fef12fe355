using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Clients;

/// <summary>A client under one set of limits.</summary>
/// <param name="Client">The client.</param>
/// <param name="Rules">The limits.</param>
internal readonly record struct LimitedKey(ClientKey Client, ClientRules Rules);
