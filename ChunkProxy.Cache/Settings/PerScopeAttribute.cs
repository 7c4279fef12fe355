namespace ChunkProxy.Cache.Settings;

/// <summary>Marks the settings of a section that each of several origins or routes can have (<see cref="SettingScope"/>). The others are for the whole process.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PerScopeAttribute : Attribute;
