namespace ChunkProxy.Cache.Settings;

/// <summary>How a scope inherits the settings for all scopes.</summary>
internal enum Inheritance
{
    /// <summary>Not at all: the settings are secrets, or are meant for one server.</summary>
    None,

    /// <summary>All of them, or none if the scope sets one: they exclude each other.</summary>
    AsAWhole,
}
