namespace ChunkProxy.Cache.Settings;

/// <summary>Marks the settings of <see cref="CacheOptions"/> that each of several origins can have. The others are for the whole process.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PerOriginAttribute : Attribute;
