namespace ChunkProxy.Cache.Security;

/// <summary>Purposes for key derivation. A MAC made for one purpose is invalid for all others.</summary>
internal static class KeyPurpose
{
    /// <summary>Requests between members: method, path, fields, sender, number and time.</summary>
    public const string Request = "pool request 1";

    /// <summary>Heads of responses to them.</summary>
    public const string Answer = "pool answer 1";

    /// <summary>Bodies of responses, block by block.</summary>
    public const string Body = "pool body 1";

    /// <summary>Registrations in etcd.</summary>
    public const string Registration = "registration 1";

    /// <summary>Chunks in Redis.</summary>
    public const string SharedChunk = "redis chunk 1";

    /// <summary>Records of objects in Redis.</summary>
    public const string SharedObject = "redis object 1";

    /// <summary>Entries of the list of chunks in Redis.</summary>
    public const string SharedList = "redis list 1";
}
